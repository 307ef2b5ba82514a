"""Changes of a text at places of its syntax: all that is not changed stays as it was written."""

from __future__ import annotations

import ast
import re
from typing import Final

from jitcore.diagnose.divergence.remedies.syntax import parsed

_TORCH: Final = re.compile(r"^import torch$|^import torch[ ,]", re.MULTILINE)


class Edits:
    """Replacements and insertions in a Python file, which are applied at once.

    Attributes: `text`, what is changed; `tree`, its syntax, whose nodes say where.
    """

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text, self.tree = text, tree
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._made: list[tuple[int, int, int, str]] = []

    @property
    def are_none(self) -> bool:
        """Whether nothing is changed so far."""
        return not self._made

    def source(self, node: ast.AST) -> str:
        """The text of an expression or statement."""
        first, last = self._extent(node)
        return self.text[first:last]

    def replace(self, node: ast.AST, new: str) -> None:
        """Put a text in the place of an expression or statement. Nodes within others may not be replaced
        with them."""
        first, last = self._extent(node)
        self._put(first, last, new)

    def replace_span(self, begin: ast.AST, end: ast.AST, new: str) -> None:
        """Put a text in the place of all from the beginning of one node to the end of another."""
        self._put(self._extent(begin)[0], self._extent(end)[1], new)

    def insert_before(self, node: ast.AST, new: str) -> None:
        """Write right before a node."""
        first, _ = self._extent(node)
        self._put(first, first, new)

    def insert_after(self, node: ast.AST, new: str) -> None:
        """Write right behind a node."""
        _, last = self._extent(node)
        self._put(last, last, new)

    def replace_lines(self, first: int, last: int, new: list[str]) -> None:
        """Put lines in the place of those from number `first` to `last`; of none, before line `first`, where
        `last` is the number before."""
        begin, end = self._starts[first - 1], self._starts[last]
        self._put(min(begin, len(self.text)), min(end, len(self.text)), "".join(f"{line}\n" for line in new))

    def insert_lines(self, after: int, new: list[str]) -> None:
        """Write lines behind line number `after`."""
        self.replace_lines(after + 1, after, new)

    def at(self, line: int, column: int) -> int:
        """The place in the text of a line and a column in bytes, as nodes have them."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def replace_range(self, first: int, last: int, new: str) -> None:
        """Put a text in the place of what stands from place `first` to `last` of the text."""
        self._put(first, last, new)

    def applied(self) -> str:
        """The text with all changes, and torch imported where they name it. Overlapping ones raise
        `ValueError`."""
        return with_torch(self.changed())

    def applied_as_python(self) -> str | None:
        """The text with all changes; None where they overlap, or make no Python of it."""
        try:
            changed = self.applied()
        except ValueError:
            return None
        return None if parsed(changed) is None else changed

    def changed(self) -> str:
        """The text with all changes and nothing more. Overlapping ones raise `ValueError`."""
        made: list[str] = []
        at = 0
        for first, last, _, new in sorted(self._made):
            if first < at:
                raise ValueError("changes overlap")
            made += [self.text[at:first], new]
            at = last
        return "".join([*made, self.text[at:]])

    def _put(self, first: int, last: int, new: str) -> None:
        self._made.append((first, last, len(self._made), new))

    def _extent(self, node: ast.AST) -> tuple[int, int]:
        line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]  # a statement or expression
        end_line, end_column = node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
        return self.at(line, column), self.at(end_line, end_column)


def with_torch(text: str) -> str:
    """A text that names torch, with torch imported."""
    if _TORCH.search(text) or "torch." not in text:
        return text
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    if not any(isinstance(node, ast.Name) and node.id == "torch" for node in ast.walk(tree)):
        return text
    lines = text.split("\n")
    first = next(
        (
            node
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
        ),
        None,
    )
    if first is not None:
        place = first.lineno - 1
    else:
        heads = [
            node
            for node in tree.body
            if (isinstance(node, ast.ImportFrom) and node.module == "__future__")
            or (node is tree.body[0] and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        place = heads[-1].end_lineno or 0 if heads else 0
    return "\n".join([*lines[:place], "import torch", *lines[place:]])
