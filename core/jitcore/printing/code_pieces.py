"""Text in pieces, each with the node that it was written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Node
    from jitcore.source import SourceRange


class Pieces:
    """An expression or a body of code. `length` is its number of characters.

    A piece has the node that was being printed, whose source range it is given in an archive, and the
    node that it shows. They differ where printing one node makes another a statement of its own.
    """

    __slots__ = ("length", "nodes", "shown", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.nodes: list[Node | None] = []
        self.shown: list[Node | None] = []
        self.length = 0

    def write(self, text: str, node: Node | None, shown: Node | None = None) -> None:
        """Append text written for `node`; it shows `shown` where that is another."""
        if text:
            self.texts.append(text)
            self.nodes.append(node)
            self.shown.append(shown or node)
            self.length += len(text)

    def extend(self, other: Pieces) -> None:
        """Append another text."""
        self.texts.extend(other.texts)
        self.nodes.extend(other.nodes)
        self.shown.extend(other.shown)
        self.length += other.length

    def text(self) -> str:
        """The whole text."""
        return "".join(self.texts)

    def lines(self) -> tuple[list[str], list[tuple[int, ...]]]:
        """The lines without their ends, and the ids of the nodes shown on each, in order."""
        lines = self.text().split("\n")
        if lines and not lines[-1]:
            lines.pop()
        ids: list[tuple[int, ...]] = []
        current: dict[int, None] = {}
        for text, node in zip(self.texts, self.shown, strict=True):
            head, *rest = text.split("\n")
            if head and node is not None and _is_shown(node):
                current[node.id] = None
            for tail in rest:
                ids.append(tuple(current))
                current = {}
                if tail and node is not None and _is_shown(node):
                    current[node.id] = None
        ids.extend([()] * (len(lines) - len(ids)))
        return lines, ids

    def ranges(self) -> Iterator[tuple[int, SourceRange | None]]:
        """Offsets in the text where the program range that the text was made from changes.

        Offsets count bytes of the UTF-8 text, as records of debug information do.
        """
        offset = 0
        last: tuple[object, int, int] | None = None
        first = True
        for text, node in zip(self.texts, self.nodes, strict=True):
            origin = (
                node.source_range.origin() if node is not None and node.source_range is not None else None
            )
            key = None if origin is None else (origin.source, origin.start, origin.end)
            if first or key != last:
                yield offset, origin
                last = key
                first = False
            offset += len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _is_shown(node: Node) -> bool:
    return node.kind not in ("prim::Param", "prim::Return")
