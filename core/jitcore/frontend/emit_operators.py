"""Unary and binary operators and comparisons."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.frontend import building, emit_conditions
from jitcore.frontend.folding import fold
from jitcore.frontend.positions import is_number
from jitcore.frontend.sugared.builtin import BuiltinFunction, MagicMethod
from jitcore.frontend.sugared.call_site import CallSite
from jitcore.ops.matching import NamedValue
from jitcore.types import STRING, TupleType, Type

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.frontend.sugared.simple import SimpleValue
    from jitcore.ir import Value
    from jitcore.source import SourceRange

BINARY: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("aten::add", "__add__"),
    ast.Sub: ("aten::sub", "__sub__"),
    ast.Mult: ("aten::mul", "__mul__"),
    ast.Div: ("aten::div", "__truediv__"),
    ast.Mod: ("aten::remainder", "__mod__"),
    ast.Pow: ("aten::pow", "__pow__"),
    ast.BitAnd: ("aten::__and__", "__and__"),
    ast.BitOr: ("aten::__or__", "__or__"),
    ast.BitXor: ("aten::__xor__", "__xor__"),
    ast.LShift: ("aten::__lshift__", "__lshift__"),
    ast.RShift: ("aten::__rshift__", "__rshift__"),
}
"""Operators that classes can overload, and the method that does it."""

_PLAIN: dict[type[ast.operator], str] = {ast.FloorDiv: "aten::floordiv", ast.MatMult: "aten::matmul"}

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("aten::eq", "__eq__"),
    ast.NotEq: ("aten::ne", "__ne__"),
    ast.Lt: ("aten::lt", "__lt__"),
    ast.LtE: ("aten::le", "__le__"),
    ast.Gt: ("aten::gt", "__gt__"),
    ast.GtE: ("aten::ge", "__ge__"),
    ast.In: ("aten::__contains__", "__contains__"),
}


def emit_binary(lowering: Lowering, node: ast.BinOp, binders: int, hint: Type | None) -> SugaredValue:
    """`a + b`"""
    at = lowering.at(node)
    kind = type(node.op)
    plain = _PLAIN.get(kind)
    if plain is not None:
        arguments = (NamedValue(lowering.value(node.left)), NamedValue(lowering.value(node.right)))
        return lowering.simple(lowering.builtin(at, plain, arguments))
    if kind is ast.Mod:
        # TorchScript lowers the left side twice, the first time to see whether it is a string.
        left = lowering.sugared(node.left, 0).as_value(at, lowering)
        if left.type is STRING:
            values = [lowering.value(node.left), lowering.value(node.right)]
            return lowering.simple(building.insert(lowering.graph, "aten::percentFormat", values, STRING, at))
    name, overload = BINARY[kind]
    return apply(lowering, at, name, overload, lowering.value(node.left), lowering.value(node.right))


def apply(
    lowering: Lowering, at: SourceRange, name: str, overload: str, left: Value, right: Value
) -> SugaredValue:
    """Emit a binary operator that `left`'s class may overload; tuples are added here."""
    if name == "aten::add" and isinstance(left.type, TupleType) and isinstance(right.type, TupleType):
        graph = lowering.graph
        parts = building.tuple_unpack(graph, left)
        parts += building.tuple_unpack(graph, right)
        return lowering.simple(building.make_tuple(graph, parts))
    magic = MagicMethod(overload, BuiltinFunction(name))
    return magic.call(CallSite(at, lowering, (NamedValue(left), NamedValue(right)), binders=0))


def emit_compare(lowering: Lowering, node: ast.Compare, binders: int, hint: Type | None) -> SugaredValue:
    """`a < b`, and chains of them as TorchScript's parser reads them: from the left."""
    if any(isinstance(o, ast.Is | ast.IsNot | ast.NotIn) for o in node.ops):
        return lowering.simple(emit_conditions.emit_condition(lowering, node).value)
    if len(node.ops) > emit_conditions.MOST_OPERANDS:
        raise lowering.at(node.left).error(
            f"more than {emit_conditions.MOST_OPERANDS:,} comparisons in one expression"
        )
    left = lowering.value(node.left)
    for operator, right_node in zip(node.ops, node.comparators, strict=True):
        at = lowering.positions.between(node.left, right_node)
        left = comparison(lowering, at, operator, left, lowering.value(right_node)).as_value(at, lowering)
    return lowering.simple(left)


def comparison(
    lowering: Lowering, at: SourceRange, operator: ast.cmpop, left: Value, right: Value
) -> SugaredValue:
    """One comparison; `in` asks its right side."""
    name, overload = _COMPARISONS[type(operator)]
    if isinstance(operator, ast.In):
        left, right = right, left
    return apply(lowering, at, name, overload, left, right)


def emit_unary(lowering: Lowering, node: ast.UnaryOp, binders: int, hint: Type | None) -> SugaredValue:
    """`-a`, `~a`, `not a`; a minus belongs to the number behind it."""
    operator = node.op
    if isinstance(operator, ast.Not):
        return lowering.simple(emit_conditions.emit_condition(lowering, node).value)
    at = lowering.at(node)
    if isinstance(operator, ast.USub):
        operand = node.operand
        if lowering.positions.has_signed_numbers and is_number(operand):
            assert isinstance(operand, ast.Constant)
            return lowering.simple(lowering.number(_negated(operand.value), at))
        return _emit_overloadable(lowering, node, at, "aten::neg", "__neg__")
    if isinstance(operator, ast.Invert):
        return _emit_overloadable(lowering, node, at, "aten::bitwise_not", "__invert__")
    raise at.error("unary plus is not supported")


def _negated(number: object) -> int | float | complex:
    assert isinstance(number, int | float | complex)
    # -1j is a complex number with real part 0, not -0 as Python would have it.
    return complex(0.0, -number.imag) if isinstance(number, complex) else -number


def _emit_overloadable(
    lowering: Lowering, node: ast.UnaryOp, at: SourceRange, name: str, overload: str
) -> SimpleValue:
    operand = lowering.value(node.operand)
    magic = MagicMethod(overload, BuiltinFunction(name))
    value = magic.call(CallSite(at, lowering, (NamedValue(operand),), binders=0)).as_value(at, lowering)
    if value.node.kind == name:
        folded = fold(value.node)
        if folded is not None:
            return lowering.simple(lowering.constant(folded.value, value.type, at))
    return lowering.simple(value)


Emitter = Callable[["Lowering", ast.expr, int, "Type | None"], "SugaredValue"]
EXPRESSIONS: dict[type[ast.expr], Emitter] = {
    ast.BinOp: emit_binary,
    ast.Compare: emit_compare,
    ast.UnaryOp: emit_unary,
}  # type: ignore[dict-item]  # each emitter takes the class it is registered for
