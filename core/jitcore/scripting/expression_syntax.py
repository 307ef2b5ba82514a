"""Expressions as TorchScript has them: all others are refused before anything is compiled.

Syntax that only a person writes is replaced by what means the same in an archive's code, with the place
that TorchScript gives it:

    f"{x} a"    ->    "{} a".format(x)          a < b < c    ->    a < b and b < c
    (f(x) for x in xs)    ->    [f(x) for x in xs]    a not in b    ->    not (a in b)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NoReturn

from jitcore.frontend.positions import is_number
from jitcore.scripting.advice import advice_for, feature_name, start_token
from jitcore.scripting.python_positions import PythonPositions
from jitcore.source import SourceRange

_RESERVED = "__jit"
_LARGEST = (1 << 63) - 1

_BINARY = frozenset(
    (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv, ast.BitAnd, ast.BitXor, ast.BitOr,
     ast.LShift, ast.RShift, ast.MatMult)
)  # fmt: skip


class ExpressionSyntax:
    """Checks and rewrites expressions, which `positions` places."""

    __slots__ = ("_where",)

    def __init__(self, positions: PythonPositions) -> None:
        self._where = positions

    def expression(self, node: ast.expr) -> ast.expr:
        """An expression as lowering takes it."""
        check = self._EXPRESSIONS.get(type(node))
        if check is None:
            self._unsupported(node)
        return check(self, node)

    def _all(self, nodes: Sequence[ast.expr]) -> list[ast.expr]:
        return [self.expression(node) for node in nodes]

    def _name(self, node: ast.Name) -> ast.expr:
        if node.id.startswith(_RESERVED):
            self._refuse(
                self._where.of(node),
                f"names of variables used in JIT-ed functions can't start with {_RESERVED}",
                "give the variable another name",
            )
        if node.id == "Ellipsis":
            return ast.copy_location(ast.Constant(...), node)
        return node

    def _constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bytes):
            self._refuse(
                self._where.of(node), "Unknown Constant expression type", "use a str", "FrontendError"
            )
        if isinstance(node.value, int) and node.value > _LARGEST:
            self._refuse(
                self._where.of(node),
                "Integral constant out of range (must fit in a signed 64 bit integer)",
                "use a float or a smaller number",
                "RuntimeError",
            )
        return node

    def _attribute(self, node: ast.Attribute) -> ast.expr:
        node.value = self.expression(node.value)
        return node

    def _call(self, node: ast.Call) -> ast.expr:
        node.func = self.expression(node.func)
        node.args = self._all(node.args)
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)
            if keyword.arg is None:
                self._refuse(
                    self._where.of(keyword.value), "keyword-arg expansion is not supported",
                    "write out the keyword arguments",
                )  # fmt: skip
        return node

    def _binary(self, node: ast.BinOp) -> ast.expr:
        node.left = self.expression(node.left)
        node.right = self.expression(node.right)
        if type(node.op) not in _BINARY:
            self._refuse(self._where.of(node), f"unsupported binary operator: {type(node.op).__name__}", "")
        return node

    def _unary(self, node: ast.UnaryOp) -> ast.expr:
        if self._where.has_signed_numbers and isinstance(node.op, ast.USub) and is_number(node.operand):
            return node
        node.operand = self.expression(node.operand)
        if isinstance(node.op, ast.UAdd):
            self._refuse(self._where.of(node), "unsupported unary operator: UAdd", "leave out the plus")
        return node

    def _bool(self, node: ast.BoolOp) -> ast.expr:
        node.values = self._all(node.values)
        return node

    def _conditional(self, node: ast.IfExp) -> ast.expr:
        node.test = self.expression(node.test)
        node.body = self.expression(node.body)
        node.orelse = self.expression(node.orelse)
        return node

    def _compare(self, node: ast.Compare) -> ast.expr:
        operands = self._all([node.left, *node.comparators])
        parts: list[ast.expr] = []
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            if not isinstance(operator, ast.NotIn):
                parts.append(ast.copy_location(ast.Compare(left, [operator], [right]), left))
                continue
            inner = ast.copy_location(ast.Compare(left, [ast.In()], [right]), left)
            negated = ast.copy_location(ast.UnaryOp(ast.Not(), inner), left)
            self._where.given[negated] = self._where.hull(inner)
            parts.append(negated)
        if len(parts) == 1:
            return parts[0]
        return ast.copy_location(ast.BoolOp(ast.And(), parts), node)

    def _subscript(self, node: ast.Subscript) -> ast.expr:
        node.value = self.expression(node.value)
        index = node.slice
        if isinstance(index, ast.Tuple):
            index.elts = [self._index(element) for element in index.elts]
        else:
            node.slice = self._index(index)
        return node

    def _index(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Slice):
            return self.expression(node)
        for name in ("lower", "upper", "step"):
            bound = getattr(node, name)
            if bound is not None:
                setattr(node, name, self.expression(bound))
        return node

    def _sequence(self, node: ast.List | ast.Tuple) -> ast.expr:
        node.elts = self._all(node.elts)
        return node

    def _dict(self, node: ast.Dict) -> ast.expr:
        if any(key is None for key in node.keys):
            self._refuse(
                self._keyword(node, 1), "Dict expansion (e.g. `{**dict}`) is not supported",
                "make an empty dict and update it",
            )  # fmt: skip
        node.keys = [None if key is None else self.expression(key) for key in node.keys]
        node.values = self._all(node.values)
        return node

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ast.expr:
        generator = self._generator(node, node.generators)
        made = ast.ListComp(self.expression(node.elt), [generator])
        return ast.copy_location(made, node)

    def _dict_comprehension(self, node: ast.DictComp) -> ast.expr:
        self._generator(node, node.generators)
        node.key = self.expression(node.key)
        node.value = self.expression(node.value)
        return node

    def _generator(self, node: ast.expr, generators: Sequence[ast.comprehension]) -> ast.comprehension:
        if len(generators) != 1:
            self._refuse(
                self._keyword(node, 0), "Only a single generator is currently supported",
                "write the inner loop as a loop",
            )  # fmt: skip
        generator = generators[0]
        if generator.ifs:
            self._refuse(
                self._keyword(node, 0), "Comprehension ifs are not supported yet",
                "write a loop with an `if` that appends",
            )  # fmt: skip
        generator.target = self.expression(generator.target)
        generator.iter = self.expression(generator.iter)
        return generator

    def _starred(self, node: ast.Starred) -> ast.expr:
        node.value = self.expression(node.value)
        return node

    def _formatted(self, node: ast.JoinedStr) -> ast.expr:
        pieces: list[str] = []
        arguments: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                pieces.append(str(part.value))
                continue
            assert isinstance(part, ast.FormattedValue)
            if part.conversion != -1:
                self._refuse(
                    self._keyword(part, 1), "Don't support conversion in JoinedStr", "call `str(...)`"
                )
            if part.format_spec is not None:
                self._refuse(
                    self._keyword(part, 1), "Don't support formatting in JoinedStr",
                    "use the `%` operator, as in `'%.2f' % x`",
                )  # fmt: skip
            pieces.append("{}")
            arguments.append(self.expression(part.value))
        text = ast.copy_location(ast.Constant("".join(pieces)), node)
        method = ast.copy_location(ast.Attribute(text, "format", ast.Load()), node)
        call = ast.copy_location(ast.Call(method, arguments, []), node)
        start = self._where.begin(node)
        for made in (text, method):
            self._where.given[made] = (start, start + 1)
        return call

    # --- refusing -------------------------------------------------------------------------------

    def _keyword(self, node: ast.AST, length: int) -> SourceRange:
        start = self._where.begin(node)
        return SourceRange(self._where.source, start, start + length)

    def _unsupported(self, node: ast.AST, reason: str = "") -> NoReturn:
        at = self._keyword(node, len(start_token(node)))
        message = f"{feature_name(node)} {reason}aren't supported"
        self._refuse(at, message, advice_for(node), "UnsupportedNodeError")

    def _refuse(
        self, at: SourceRange, message: str, advice: str, raised_as: str = "NotSupportedError"
    ) -> NoReturn:
        raise at.error(f"{message}: {advice}" if advice else message, raised_as)

    _EXPRESSIONS: ClassVar[dict[type[ast.expr], Callable[..., Any]]] = {
        ast.Name: _name, ast.Constant: _constant, ast.Attribute: _attribute,
        ast.Call: _call, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _bool,
        ast.IfExp: _conditional, ast.Compare: _compare, ast.Subscript: _subscript,
        ast.List: _sequence, ast.Tuple: _sequence, ast.Dict: _dict,
        ast.ListComp: _comprehension, ast.GeneratorExp: _comprehension,
        ast.DictComp: _dict_comprehension, ast.Starred: _starred, ast.JoinedStr: _formatted,
    }  # fmt: skip
