"""Where TorchScript says that a piece of a text is that defines functions without Python's own definitions.

Such a text is read by the parser that reads archives, so its rules hold.
"""

from __future__ import annotations

import ast

from jitcore.frontend.positions import ArchivePositions
from jitcore.scripting.python_positions import PythonPositions
from jitcore.source import Source, SourceRange


class TextPositions(PythonPositions):
    """Ranges of the nodes of a text, placed as in the code of an archive."""

    __slots__ = ("_rules",)
    has_signed_numbers = True

    def __init__(self, source: Source) -> None:
        super().__init__(source, 0)
        self._rules = ArchivePositions(source)

    def widen_by_comment(self, node: ast.FunctionDef, types: tuple[int, int]) -> None:
        """Nothing: the parser of texts reads comments where they stand."""

    def declaration(self, node: ast.FunctionDef) -> SourceRange:
        """Range of what a definition declares: its parameters and what it returns."""
        start = self.source.text.index("(", self.start(node))
        found = self._with_parameters(start, start + 1, node)
        # Where nothing is said of what it returns, the parser has looked at the colon.
        end = self.source.text.index(":", found.end) + 1 if node.returns is None else found.end
        return SourceRange(self.source, start, end)

    def of(self, node: ast.AST) -> SourceRange:
        """Range of any statement, expression, keyword, argument or definition."""
        return SourceRange(self.source, *self.hull(node))

    def string(self, node: ast.Constant, value: str) -> str:
        """The text that a string literal stands for."""
        return self._rules.string(node, value)

    def is_parenthesized_tuple(self, node: ast.Tuple) -> bool:
        """Whether the tuple of a subscript was written with its own parentheses."""
        return self._rules.is_parenthesized_tuple(node)

    def start(self, node: ast.AST) -> int:
        """Offset at which the node starts."""
        return self.hull(node)[0]

    def hull(self, node: ast.AST) -> tuple[int, int]:
        """Start and end of the node."""
        given = self.given.get(node)
        if given is not None:
            return given
        start = self._rules.start(node)
        return start, max(self._end(node), start + 1)

    def _end(self, node: ast.AST) -> int:
        """Offset behind the last part of the node: brackets that close, and parentheses, are none.

        A subscript goes on to the next word, since torch's parser has read that when it looks.
        """
        end = self._rules.end
        match node:
            case ast.Name() | ast.Constant() | ast.Attribute() | ast.alias():
                return end(node)
            case ast.Subscript():
                behind = end(node)
                line = self.source.text[behind:].partition("\n")[0]
                blanks = len(line) - len(line.lstrip(" \t"))
                return behind + (blanks if line.strip() and line[blanks] != "#" else 0)
            case ast.Tuple(elts=[]):
                return self._rules.start(node) + 1
            case ast.Call(args=[], keywords=[]):
                return self.source.text.index("(", self._end(node.func)) + 1
            case ast.List(elts=[]) | ast.Dict(keys=[]):
                return self._rules.start(node) + 1
            case ast.FunctionDef() | ast.ClassDef():
                return self._end(node.body[-1])
            case _:
                parts = [part for part in ast.iter_child_nodes(node) if hasattr(part, "end_lineno")]
                return max((self.hull(part)[1] for part in parts), default=end(node))
