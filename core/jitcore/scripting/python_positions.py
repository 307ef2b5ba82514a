"""Where TorchScript says that a piece of a person's Python is.

A node has a place of its own (a keyword, a name, an opening bracket), widened by the places of its
parts. The start goes into the graph; the end is only looked at when somebody is shown the place, so it
is found out then.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from jitcore.source import Source, SourceRange


class PythonRange(SourceRange):
    """The range of a syntax node, whose end is computed when it is asked for."""

    __slots__ = ("_end", "_node", "_positions")

    def __init__(self, positions: PythonPositions, node: ast.AST, start: int) -> None:
        self.source = positions.source
        self.start = start
        self._positions = positions
        self._node = node
        self._end: int | None = None

    @property
    def end(self) -> int:  # type: ignore[override]  # a slot in the base class
        """Offset behind the last character."""
        if self._end is None:
            self._end = max(self._positions.hull(self._node)[1], self.start)
        return self._end


class PythonPositions:
    """Ranges of the nodes of a definition that starts `indent` characters from the left of its file.

    `given` holds the places of nodes that stand for other syntax. `function_name` is what the function is
    called.
    """

    __slots__ = ("_ascii", "_bytes", "_starts", "function_name", "given", "indent", "source")
    has_signed_numbers = False

    def __init__(self, source: Source, indent: int) -> None:
        self.source = source
        self.indent = indent
        self.given: dict[ast.AST, tuple[int, int]] = {}
        self.function_name = ""
        self._starts = source.line_starts
        self._ascii = source.text.isascii()
        self._bytes: dict[int, bytes] = {}

    def widen_by_comment(self, node: ast.FunctionDef, types: tuple[int, int]) -> None:
        """Take start and end of the types in a definition's comment for places in its file, as torch does.

        torch reads the comment by itself, and its offsets are from the start of that.
        """
        self.given[node] = min(self.start(node), types[0]), max(self.hull(node)[1], types[1])

    # --- what lowering asks ---------------------------------------------------------------------

    def of(self, node: ast.AST) -> SourceRange:
        """Range of any statement, expression, keyword, argument or definition."""
        return PythonRange(self, node, self.start(node))

    def between(self, left: ast.AST, right: ast.AST) -> SourceRange:
        """Range of an operation that is written from `left` to `right`."""
        return SourceRange(self.source, self.hull(left)[0], self.hull(right)[1])

    def declaration(self, node: ast.FunctionDef) -> SourceRange:
        """Range of what a definition declares: its keyword, its parameters and what it returns."""
        return self._with_parameters(self.begin(node), self.begin(node) + len("def"), node)

    def _with_parameters(self, start: int, end: int, node: ast.FunctionDef) -> SourceRange:
        parts = [*node.args.args, *node.args.kwonlyargs, *([] if node.returns is None else [node.returns])]
        return SourceRange(self.source, start, max([end, *(self.hull(part)[1] for part in parts)]))

    def string(self, node: ast.Constant, value: str) -> str:
        """The text that a string literal stands for."""
        return value

    def is_parenthesized_tuple(self, node: ast.Tuple) -> bool:
        """Whether the tuple of a subscript counts as one index: only an empty one does."""
        return not node.elts

    # --- places ---------------------------------------------------------------------------------

    def start(self, node: ast.AST) -> int:
        """Offset at which the node starts."""
        first = _FIRST_PART.get(type(node))
        while first is not None and node not in self.given:
            node = first(node)
            first = _FIRST_PART.get(type(node))
        if type(node) in _SPREAD or node in self.given:
            return self.hull(node)[0]
        return self.begin(node)

    def begin(self, node: ast.AST) -> int:
        """Offset of the first character of the node."""
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def offset(self, line: int, column: int) -> int:
        """Offset of a place that Python's parser tells."""
        start = self._starts[line - 1] + self.indent
        if self._ascii:
            return start + column
        encoded = self._bytes.get(line)
        if encoded is None:
            stop = self._starts[line] if line < len(self._starts) else len(self.source.text)
            encoded = self._bytes[line] = self.source.text[start:stop].encode("utf-8", "surrogatepass")
        return start + len(encoded[:column].decode("utf-8", "replace"))

    def hull(self, node: ast.AST) -> tuple[int, int]:
        """Start and end of the node: its own place and those of its parts."""
        given = self.given.get(node)
        if given is not None:
            return given
        own = _OWN.get(type(node))
        if own is None:
            start, end = self._literal(node) if type(node) is ast.Constant else self._first_character(node)
        elif isinstance(own, int):
            start = self.begin(node)
            end = start + own
        else:
            start, end = own(self, node)
        for part in _parts(node):
            begins, ends = self.hull(part)
            start = min(start, begins)
            end = max(end, ends)
        return start, end

    def _first_character(self, node: ast.AST) -> tuple[int, int]:
        start = self.begin(node)
        return start, start + 1

    def _literal(self, node: ast.Constant) -> tuple[int, int]:
        start = self.begin(node)
        value = node.value
        if value is Ellipsis:
            return start, start + 3
        return start, start + len(str(value)) + (1 if isinstance(value, str) else 0)


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Constant | ast.Name):
        return
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else ()
    for part in ast.iter_child_nodes(node):
        if part in decorators:
            continue
        if isinstance(part, ast.arguments):
            yield from (*part.args, *part.kwonlyargs)
        elif isinstance(part, ast.comprehension):
            yield part.target
            yield part.iter
        elif isinstance(part, ast.expr | ast.stmt | ast.keyword | ast.withitem):
            if isinstance(part, ast.Tuple) and isinstance(node, ast.Subscript) and part is node.slice:
                yield from (e for e in part.elts if not _is_everything(e))
            elif not _is_everything(part):
                yield part


def _is_everything(node: ast.AST) -> bool:
    """Whether the node is the `:` of `x[:]`, which has no place."""
    return isinstance(node, ast.Slice) and not _bounds(node)


def _bounds(node: ast.Slice) -> list[ast.expr]:
    return [bound for bound in (node.lower, node.upper, node.step) if bound is not None]


def _name(where: PythonPositions, node: ast.Name | ast.arg) -> tuple[int, int]:
    start = where.begin(node)
    return start, start + len(node.id if isinstance(node, ast.Name) else node.arg)


def _attribute(where: PythonPositions, node: ast.Attribute) -> tuple[int, int]:
    start, end = where.hull(node.value)
    text = where.source.text
    end += 1
    while end < len(text) and text[end].isspace():
        end += 1
    return start, end + len(node.attr)


def _subscript(where: PythonPositions, node: ast.Subscript) -> tuple[int, int]:
    start, end = where.hull(node.value)
    index = node.slice
    if isinstance(index, ast.Tuple) and not index.elts:
        return start, where.begin(index) + 3
    for part in index.elts if isinstance(index, ast.Tuple) else (index,):
        if not _is_everything(part):
            end = max(end, where.hull(part)[1])
    return start, end + 1


def _first(where: PythonPositions, node: ast.AST) -> tuple[int, int]:
    return where.hull(_FIRST_PART[type(node)](node))


def _unary(where: PythonPositions, node: ast.UnaryOp) -> tuple[int, int]:
    start = where.begin(node)
    return start, start + (3 if isinstance(node.op, ast.Not) else 1)


def _comprehension(where: PythonPositions, node: ast.AST) -> tuple[int, int]:
    start = where.begin(node)
    return start, start


def _with_item(where: PythonPositions, node: ast.withitem) -> tuple[int, int]:
    start = where.begin(node.context_expr)
    return start, start + len("with statements")


def _slice(where: PythonPositions, node: ast.Slice) -> tuple[int, int]:
    return where.hull(_bounds(node)[0])


_Place = Callable[[PythonPositions, Any], tuple[int, int]]

_OWN: dict[type[ast.AST], int | _Place] = {
    ast.Name: _name, ast.arg: _name, ast.Attribute: _attribute, ast.Subscript: _subscript, ast.Slice: _slice,
    ast.BinOp: _first, ast.Compare: _first, ast.BoolOp: _first, ast.Call: _first, ast.IfExp: _first,
    ast.keyword: _first, ast.Assign: _first, ast.AnnAssign: _first, ast.AugAssign: _first, ast.Expr: _first,
    ast.UnaryOp: _unary, ast.ListComp: _comprehension, ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension, ast.withitem: _with_item,
    ast.FunctionDef: 3, ast.ClassDef: 5, ast.For: 3, ast.While: 5, ast.If: 2, ast.With: 4, ast.Return: 6,
    ast.Raise: 5, ast.Assert: 6, ast.Delete: 3, ast.Pass: 4, ast.Break: 5, ast.Continue: 8,
}  # fmt: skip
"""The place of a node by itself: so many characters from where it begins, or a rule."""

_FIRST_PART: dict[type[ast.AST], Callable[[Any], ast.AST]] = {
    ast.Attribute: lambda n: n.value, ast.Subscript: lambda n: n.value, ast.Call: lambda n: n.func,
    ast.BinOp: lambda n: n.left, ast.Compare: lambda n: n.left, ast.BoolOp: lambda n: n.values[0],
    ast.IfExp: lambda n: n.body, ast.keyword: lambda n: n.value, ast.Expr: lambda n: n.value,
    ast.Assign: lambda n: n.targets[0], ast.AnnAssign: lambda n: n.target, ast.AugAssign: lambda n: n.target,
    ast.withitem: lambda n: n.context_expr,
}  # fmt: skip
"""Nodes that start where one of their parts does."""

_SPREAD = frozenset((ast.Slice,))
"""Nodes that Python's parser places differently."""
