"""Printed text whose lines know the nodes that they show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# A text that does not end goes on to the end of the line, so that it is read once.
_STRING_OR_VALUE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|%([A-Za-z0-9_.$:/\-]+)|( # )')
_NAME = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|([A-Za-z_][A-Za-z0-9_]*)')


class Occurrence(NamedTuple):
    """A value in a listing: its name, 0-based line, and the columns `start` to `end` (exclusive)."""

    line: int
    start: int
    end: int
    name: str


class Listing:
    """Lines of text, and for each the ids of the nodes it shows.

    `lines` have no line ends. `node_ids[i]` is empty for a line that belongs to no node; lines that
    open or close a nested block carry the id of the node that owns the block. `is_graph` tells a
    graph listing, whose values are written `%name`, from code.
    """

    __slots__ = ("_first_lines", "_text", "is_graph", "lines", "node_ids")

    def __init__(self, lines: list[str], node_ids: list[tuple[int, ...]], is_graph: bool) -> None:
        self.lines = lines
        self.node_ids = node_ids
        self.is_graph = is_graph
        self._text: str | None = None
        self._first_lines: dict[int, int] | None = None

    @property
    def text(self) -> str:
        """All lines, each ended by a line feed."""
        if self._text is None:
            self._text = "\n".join(self.lines) + "\n" if self.lines else ""
        return self._text

    def line_of(self, node_id: int) -> int | None:
        """0-based line on which the node is first shown; None if it is not in the listing."""
        if self._first_lines is None:
            first: dict[int, int] = {}
            for line, ids in enumerate(self.node_ids):
                for identity in ids:
                    first.setdefault(identity, line)
            self._first_lines = first
        return self._first_lines.get(node_id)

    def lines_of(self, node_id: int) -> list[int]:
        """All 0-based lines that show the node."""
        return [line for line, ids in enumerate(self.node_ids) if node_id in ids]

    def occurrences(self, line: int) -> Iterator[Occurrence]:
        """The values that a line names, from left to right.

        In a code listing every identifier outside of strings is given, keywords included.
        """
        pattern = _STRING_OR_VALUE if self.is_graph else _NAME
        for match in pattern.finditer(self.lines[line]):
            if self.is_graph and match.group(2):
                return
            name = match.group(1)
            if name:
                yield Occurrence(line, match.start(), match.end(), name)
