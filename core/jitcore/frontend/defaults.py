"""Values that stand in declarations: defaults of parameters and fields, and constants of classes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.annotations import as_written
from jitcore.frontend.constants import constant_named
from jitcore.frontend.positions import decoded
from jitcore.ir.objects import DeviceName, EnumValue
from jitcore.types import (
    ANY,
    COMPLEX,
    FLOAT,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TupleType,
    Type,
    UnionType,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.frontend.annotations import TypeResolver
    from jitcore.frontend.constants import TypedConstant
    from jitcore.frontend.positions import Positions

_NAMES = {
    "inf": float("inf"),
    "nan": float("nan"),
    "infj": complex(0, float("inf")),
    "nanj": complex(0, float("nan")),
}


class Declared:
    """Evaluates expressions in declarations without lowering them; `positions` locates errors.

    `constants` are what `CONSTANTS.c0`, `CONSTANTS.c1` and so on stand for.
    """

    __slots__ = ("_constants", "_positions", "_resolver")

    def __init__(
        self, resolver: TypeResolver, positions: Positions, constants: Sequence[TypedConstant] = ()
    ) -> None:
        self._resolver = resolver
        self._positions = positions
        self._constants = constants

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
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return self._complex(node, kind)
        if isinstance(node, ast.Name) and node.id in _NAMES:
            return _NAMES[node.id]
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "CONSTANTS":
                return constant_named(node.attr, self._constants, self._positions.of(node)).value
            return self._enum_member(node)
        if isinstance(node, ast.Call):
            return self._call(node, kind)
        raise self._positions.of(node).error("this expression cannot be evaluated in a declaration")

    def _complex(self, node: ast.BinOp, kind: Type) -> complex:
        """`1.-2.j` is a difference, not a literal, to every reader of it."""
        left, right = self._scalar(node.left, kind), self._scalar(node.right, kind)
        if not isinstance(left, int | float | complex) or not isinstance(right, int | float | complex):
            raise self._positions.of(node).error("this expression cannot be evaluated in a declaration")
        return (
            complex(left) + complex(right) if isinstance(node.op, ast.Add) else complex(left) - complex(right)
        )

    def _call(self, node: ast.Call, kind: Type) -> object:
        name = ast.unparse(node.func)
        if name == "annotate" and len(node.args) == 2:
            return self.evaluate(node.args[1], kind)
        where = self._positions.of(node)
        if name == "torch.device" and len(node.args) == 1:
            device = self._scalar(node.args[0], kind)
            return DeviceName(device) if isinstance(device, str) else device
        made = self._resolver.resolve_type(name, where) if isinstance(node.func, ast.Attribute) else None
        if isinstance(made, TupleType) and len(made.parts) == len(node.args) and not node.keywords:
            return tuple(self.evaluate(e, t) for e, t in zip(node.args, made.parts, strict=True))
        raise where.error("this call cannot be evaluated in a declaration")

    def _enum_member(self, node: ast.Attribute) -> EnumValue:
        where = self._positions.of(node)
        name = as_written(ast.unparse(node.value), self._positions.of(node.value))
        enum = self._resolver.resolve_type(name, where)
        if isinstance(enum, EnumType):
            for name, value in enum.members:
                if name == node.attr:
                    return EnumValue(enum, name, value)
        raise where.error("this name has no value in a declaration")

    def _sequence(self, node: ast.List | ast.Tuple, kind: Type) -> object:
        kind = _member(kind, ListType if isinstance(node, ast.List) else TupleType)
        if isinstance(kind, ListType):
            return [self.evaluate(e, kind.element) for e in node.elts]
        if isinstance(kind, TupleType) and len(kind.elements) == len(node.elts):
            return tuple(self.evaluate(e, t) for e, t in zip(node.elts, kind.elements, strict=True))
        if kind is ANY:
            elements = [self.evaluate(e, ANY) for e in node.elts]
            return elements if isinstance(node, ast.List) else tuple(elements)
        raise self._positions.of(node).error(f"expected a value of type {kind.repr_str}")

    def _dict(self, node: ast.Dict, kind: Type) -> object:
        kind = _member(kind, DictType)
        if not isinstance(kind, DictType) and kind is not ANY:
            raise self._positions.of(node).error(f"expected a value of type {kind.repr_str}")
        key_type, value_type = (kind.key_type, kind.value_type) if isinstance(kind, DictType) else (ANY, ANY)
        result: dict[object, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise self._positions.of(value).error("** in a dict literal is not supported")
            result[self.evaluate(key, key_type)] = self.evaluate(value, value_type)
        return result


def _member(kind: Type, wanted: type[Type]) -> Type:
    """The only member of a union that is a `wanted`; `kind` itself if it is no union."""
    if not isinstance(kind, UnionType):
        return kind
    found = [part for part in kind.parts if isinstance(part, wanted)]
    return found[0] if len(found) == 1 else ANY
