"""Times of nodes as times of the lines that stand for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.models.nested_times import outermost_us


class LineTimes:
    """Attributes: `by_line`, microseconds; `longest_us`, the most of them; `total_us` of all nodes."""

    def __init__(self) -> None:
        self._times: Mapping[int, NodeTime] = {}
        self.by_line: dict[int, float] = {}
        self.longest_us = self.total_us = 0.0

    def take(self, times: Mapping[int, NodeTime], line_nodes: Sequence[Sequence[int]]) -> None:
        """Show these times of nodes on a text whose lines have these nodes."""
        self._times = times
        self.fit(line_nodes)

    def fit(self, line_nodes: Sequence[Sequence[int]]) -> None:
        """Show the same times on another text."""
        self.by_line = {}
        times = self._times
        seen: set[int] = set()
        for line, nodes in enumerate(line_nodes if times else ()):
            if len(nodes) == 1 and nodes[0] not in seen:
                seen.add(nodes[0])
                alone = times.get(nodes[0])
                if alone is not None:
                    self.by_line[line] = alone.total_us
                continue
            # A node that stands on several lines, an If with its blocks, counts on the first.
            fresh = [node for node in dict.fromkeys(nodes) if node not in seen]
            seen.update(fresh)
            known = [times[node] for node in fresh if node in times]
            if known:
                self.by_line[line] = outermost_us(known, times)
        self.longest_us = max(self.by_line.values(), default=0.0)
        self.total_us = sum(time.self_us for time in times.values())
