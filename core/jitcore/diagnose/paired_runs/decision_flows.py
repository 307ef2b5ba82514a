"""Tells whether a decision that was taken otherwise reaches a pair of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.diagnose.paired_runs.downstream import downstream_of

if TYPE_CHECKING:
    from jitcore.diagnose.alignment import Alignment
    from jitcore.diagnose.paired_runs.run_comparison import Departure
    from jitcore.ir import Graph


class Flows:
    """Tells whether a decision reaches a pair of nodes."""

    def __init__(self, left: Graph, right: Graph, alignment: Alignment) -> None:
        self._graphs = {"left": left, "right": right}
        self._alignment = alignment
        self._known: dict[tuple[str, int], set[int]] = {}

    def reach(self, departure: Departure, index: int) -> bool:
        """Whether what was decided flows into the pair."""
        pair = self._alignment.pairs[index]
        number = pair.left if departure.side == "left" else pair.right
        key = (departure.side, departure.node)
        found = self._known.get(key)
        if found is None:
            graph = self._graphs[departure.side]
            starts = [node for node in graph.all_nodes() if node.id == departure.node]
            found = self._known[key] = {departure.node, *downstream_of(graph, starts)}
        return number in found
