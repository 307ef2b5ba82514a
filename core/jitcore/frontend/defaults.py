"""Values that stand in declarations: defaults of parameters and fields, and constants of classes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend.emit_literals import decoded
from jitcore.ir.objects import EnumValue
from jitcore.types import (
    COMPLEX,
    DEVICE,
    FLOAT,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TupleType,
    Type,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.annotations import TypeResolver
    from jitcore.frontend.positions import Positions

_NAMES = {
    "inf": float("inf"),
    "nan": float("nan"),
    "infj": complex(0, float("inf")),
    "nanj": complex(0, float("nan")),
}


class Declared:
    """Evaluates expressions in declarations without lowering them; `positions` locates errors."""

    __slots__ = ("_positions", "_resolver")

    def __init__(self, resolver: TypeResolver, positions: Positions) -> None:
        self._resolver = resolver
        self._positions = positions

    def evaluate(self, node: ast.expr, kind: Type) -> object:
        """The value of `node` as a value of type `kind`."""
        if isinstance(kind, OptionalType):
            if isinstance(node, ast.Constant) and node.value is None:
                return None
            kind = kind.element
        if isinstance(node, ast.List | ast.Tuple):
            return self._sequence(node, kind)
        if isinstance(node, ast.Dict):
            return self._dict(node, kind)
        value = self._scalar(node, kind)
        if isinstance(value, int) and not isinstance(value, bool):
            if kind is FLOAT:
                return float(value)
            if kind is COMPLEX:
                return complex(value)
        return value

    def _scalar(self, node: ast.expr, kind: Type) -> object:
        if isinstance(node, ast.Constant) and node.value is not Ellipsis:
            if isinstance(node.value, str):
                return decoded(node.value, self._positions.of(node).text())
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operand = self._scalar(node.operand, kind)
            if isinstance(operand, complex):
                return complex(0.0, -operand.imag)
            if isinstance(operand, int | float):
                return -operand
        if isinstance(node, ast.Name) and node.id in _NAMES:
            return _NAMES[node.id]
        if isinstance(node, ast.Attribute):
            return self._enum_member(node)
        if isinstance(node, ast.Call):
            return self._call(node, kind)
        raise self._positions.of(node).error("this expression cannot be evaluated in a declaration")

    def _call(self, node: ast.Call, kind: Type) -> object:
        name = ast.unparse(node.func)
        if name == "annotate" and len(node.args) == 2:
            return self.evaluate(node.args[1], kind)
        if name == "torch.device" and kind is DEVICE and len(node.args) == 1:
            return self._scalar(node.args[0], kind)
        raise self._positions.of(node).error("this call cannot be evaluated in a declaration")

    def _enum_member(self, node: ast.Attribute) -> EnumValue:
        where = self._positions.of(node)
        enum = self._resolver.resolve_type(ast.unparse(node.value), where)
        if isinstance(enum, EnumType):
            for name, value in enum.members:
                if name == node.attr:
                    return EnumValue(enum, name, value)
        raise where.error("this name has no value in a declaration")

    def _sequence(self, node: ast.List | ast.Tuple, kind: Type) -> object:
        if isinstance(kind, ListType):
            return [self.evaluate(e, kind.element) for e in node.elts]
        if isinstance(kind, TupleType) and len(kind.elements) == len(node.elts):
            return tuple(self.evaluate(e, t) for e, t in zip(node.elts, kind.elements, strict=True))
        raise self._positions.of(node).error(f"expected a value of type {kind.repr_str}")

    def _dict(self, node: ast.Dict, kind: Type) -> object:
        if not isinstance(kind, DictType):
            raise self._positions.of(node).error(f"expected a value of type {kind.repr_str}")
        result: dict[object, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise self._positions.of(value).error("** in a dict literal is not supported")
            result[self.evaluate(key, kind.key_type)] = self.evaluate(value, kind.value_type)
        return result
