"""Where TorchScript's own parser says that a piece of syntax is, computed from Python's syntax tree.

An expression starts where its first operand does, and parentheses do not count: `(a.b).c` starts at
`a`. These starts end up in printed graphs and lead into the tables of original locations, so they
have to be the same.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Protocol

from jitcore.source import Source, SourceRange

_BLANKS = " \t\n\r\\"


class Positions(Protocol):
    """Gives the ranges of syntax nodes, and what else depends on which parser reads a text."""

    @property
    def has_signed_numbers(self) -> bool:
        """Whether a minus before a number is a part of the literal."""
        ...

    def string(self, node: ast.Constant, value: str) -> str:
        """The text that a string literal stands for; `value` is what Python reads."""
        ...

    def of(self, node: ast.AST) -> SourceRange:
        """Range of any statement, expression, keyword, argument or definition."""
        ...

    def between(self, left: ast.AST, right: ast.AST) -> SourceRange:
        """Range of an operation that is written from `left` to `right`."""
        ...

    def is_parenthesized_tuple(self, node: ast.Tuple) -> bool:
        """Whether the tuple of a subscript was written with its own parentheses."""
        ...


class ArchivePositions:
    """Ranges in the code of an archive, by the rules of TorchScript's parser.

    A tree of a part of the text begins `skipped` lines into it, and has that many `lines`.
    """

    __slots__ = ("_ascii", "_bytes", "_starts", "_text", "source")
    has_signed_numbers = True

    def __init__(self, source: Source, skipped: int = 0, lines: int | None = None) -> None:
        self.source = source
        self._text = source.text
        starts = source.line_starts
        self._starts = starts if lines is None else starts[skipped : skipped + lines]
        self._ascii = source.text.isascii()
        self._bytes: dict[int, bytes] = {}

    def of(self, node: ast.AST) -> SourceRange:
        """Range of any statement, expression, keyword, argument or definition."""
        if self._ascii:
            starts = self._starts
            owner = node.value if type(node) is ast.Attribute else node
            if type(owner) is ast.Name:
                start = starts[owner.lineno - 1] + owner.col_offset
            else:
                start = self.start(node)
            end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        else:
            start = self.start(node)
            end = self.end(node)
        return SourceRange(self.source, start, end if end > start else start + 1)

    def between(self, left: ast.AST, right: ast.AST) -> SourceRange:
        """Range of an operation that is written from `left` to `right`."""
        return SourceRange(self.source, self.start(left), self.end(right))

    def string(self, node: ast.Constant, value: str) -> str:
        """The text that a string literal stands for, in which octal escapes are bytes of UTF-8."""
        return decoded(value, self.of(node).text())

    def start(self, node: ast.AST) -> int:
        """Offset at which TorchScript says that the node starts."""
        first = _FIRST_PART.get(type(node))
        while first is not None:
            node = getattr(node, first)
            first = _FIRST_PART.get(type(node))
        if self._ascii and type(node) is ast.Name:
            return self._starts[node.lineno - 1] + node.col_offset
        rule = _RULES.get(type(node))
        return self.begin(node) if rule is None else rule(self, node)

    def begin(self, node: ast.AST) -> int:
        """Offset of the first character of the node, parentheses around it not counted."""
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Offset behind the last character of the node."""
        return self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def line_start(self, line: int) -> int:
        """Offset at which line `line` of the tree begins."""
        return self._starts[line - 1]

    def token_after(self, offset: int) -> int:
        """Offset of the first token from `offset` on that is not a closing parenthesis."""
        text = self._text
        length = len(text)
        while offset < length:
            character = text[offset]
            if character == "#":
                newline = text.find("\n", offset)
                offset = length if newline < 0 else newline
            elif character in _BLANKS or character == ")":
                offset += 1
            else:
                break
        return offset

    def after_blanks(self, offset: int) -> int:
        """Offset of the first character from `offset` on that is neither blank nor a comment's."""
        text = self._text
        while offset < len(text) and text[offset] in (*_BLANKS, "#"):
            newline = text.find("\n", offset) if text[offset] == "#" else offset
            offset = len(text) if newline < 0 else newline + 1
        return offset

    def is_parenthesized_tuple(self, node: ast.Tuple) -> bool:
        """Whether the tuple of a subscript was written with its own parentheses."""
        start = self.begin(node)
        text = self._text
        if text[start : start + 1] != "(":
            return False
        if not node.elts:
            return True
        # `x[(a), b]` begins with a parenthesis too: it is the tuple's only if it closes at the end.
        end = self.end(node)
        depth = 0
        for offset in range(start, self.begin(node.elts[-1])):
            character = text[offset]
            if character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth == 0:
                    return False
        return text[end - 1] == ")"

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        encoded = self._bytes.get(line)
        if encoded is None:
            stop = self._starts[line] if line < len(self._starts) else len(self._text)
            encoded = self._bytes[line] = self._text[start:stop].encode("utf-8", "surrogatepass")
        return start + len(encoded[:column].decode("utf-8", "surrogatepass"))


def decoded(value: str, literal: str) -> str:
    """The text of a string literal of an archive's code, in which octal escapes stand for bytes of UTF-8."""
    if value.isascii() or not literal.isascii():
        return value
    return value.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def is_number(node: ast.expr) -> bool:
    """Whether the node is a number literal (True and False are not)."""
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)


def _unary(where: ArchivePositions, node: ast.UnaryOp) -> int:
    # A minus belongs to the number behind it, which keeps its own place.
    if isinstance(node.op, ast.USub) and is_number(node.operand):
        return where.begin(node.operand)
    return where.begin(node)


def _tuple(where: ArchivePositions, node: ast.Tuple) -> int:
    # That of an empty tuple is the token behind it.
    return where.start(node.elts[0]) if node.elts else where.after_blanks(where.end(node))


def _bool_operation(where: ArchivePositions, node: ast.BoolOp) -> int:
    return where.start(node.values[0])


def _assign(where: ArchivePositions, node: ast.Assign) -> int:
    return where.start(node.targets[0])


def _dict(where: ArchivePositions, node: ast.Dict | ast.DictComp) -> int:
    return where.token_after(where.begin(node) + 1)


def _if(where: ArchivePositions, node: ast.If) -> int:
    start = where.begin(node)
    if where.source.text.startswith("elif", start):
        return where.token_after(start + 4)
    return start


def _definition(where: ArchivePositions, node: ast.FunctionDef | ast.ClassDef) -> int:
    keyword = 3 if isinstance(node, ast.FunctionDef) else 5
    return where.token_after(where.begin(node) + keyword)


_FIRST_PART: dict[type[ast.AST], str] = {
    ast.Attribute: "value", ast.Call: "func", ast.Subscript: "value", ast.BinOp: "left", ast.Compare: "left",
    ast.IfExp: "body", ast.ListComp: "elt", ast.AnnAssign: "target", ast.AugAssign: "target",
    ast.Expr: "value",
}  # fmt: skip
"""Nodes that start where one of their parts does, and that part."""

_RULES: dict[type[ast.AST], Callable[[ArchivePositions, ast.AST], int]] = {
    ast.UnaryOp: _unary,
    ast.Tuple: _tuple,
    ast.BoolOp: _bool_operation,
    ast.Assign: _assign,
    ast.Dict: _dict,
    ast.DictComp: _dict,
    ast.If: _if,
    ast.FunctionDef: _definition,
    ast.ClassDef: _definition,
}  # type: ignore[assignment]  # each rule takes the node class it is registered for
