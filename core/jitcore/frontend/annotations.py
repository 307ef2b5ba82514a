"""Type annotations: Python expressions to TorchScript types."""

from __future__ import annotations

import ast
from typing import Protocol

from jitcore.frontend.positions import Positions
from jitcore.source import SourceRange
from jitcore.types import (
    ANY,
    ANY_LIST,
    ANY_TUPLE,
    BOOL,
    CAPSULE,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INFERRED_TENSOR,
    INT,
    NONE,
    NUMBER,
    STREAM,
    STRING,
    TENSOR,
    AwaitType,
    DictType,
    FutureType,
    ListType,
    RRefType,
    TupleType,
    Type,
    make_optional,
    make_union,
)  # fmt: skip

TENSORS_OF_A_DTYPE: dict[str, int] = {
    "BoolTensor": 11, "LongTensor": 4, "ByteTensor": 0, "CharTensor": 1, "DoubleTensor": 7, "FloatTensor": 6,
    "IntTensor": 3, "ShortTensor": 2, "HalfTensor": 5,
}  # fmt: skip
"""torch's legacy classes of tensors, and the number of the dtype that each stands for."""

BASE_TYPES: dict[str, Type] = {
    "Tensor": TENSOR, **dict.fromkeys(TENSORS_OF_A_DTYPE, TENSOR), "int": INT, "float": FLOAT, "bool": BOOL,
    "complex": COMPLEX, "str": STRING, "number": NUMBER, "Any": ANY, "None": NONE, "NoneType": NONE,
    "Device": DEVICE, "torch.device": DEVICE, "Generator": GENERATOR, "torch.Generator": GENERATOR,
    "Stream": STREAM, "Capsule": CAPSULE, "list": ANY_LIST, "tuple": ANY_TUPLE,
}  # fmt: skip
"""Names that are types by themselves."""

MANGLING = "___torch_mangle_"
"""Begins the part of a class's name that only a number tells from that of other classes."""

_BROADCASTING = "BroadcastingList"
_TENSORS = frozenset(("Tensor", *TENSORS_OF_A_DTYPE))


class TypeResolver(Protocol):
    """Finds the types that a program defines, by qualified name."""

    def resolve_type(self, name: str, where: SourceRange) -> Type | None:
        """The type of that name, None if there is none."""
        ...


class Annotations:
    """Reads type expressions of one source text; names that are not built in are asked of `resolver`."""

    __slots__ = ("_positions", "_resolver")

    def __init__(self, resolver: TypeResolver, positions: Positions) -> None:
        self._resolver = resolver
        self._positions = positions

    def type_of(self, node: ast.expr) -> Type:
        """The type that an annotation stands for; raises `SourceError` for what is no type."""
        if isinstance(node, ast.Subscript):
            return self._subscripted(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name: str | None = node.value
            if name.startswith("torch.classes."):
                name = "__torch__." + name
        else:
            name = base_name(node)
        if name is None:
            raise self._positions.of(node).error("this expression is not a type")
        built_in = BASE_TYPES.get(name)
        if built_in is not None:
            return built_in
        where = self._positions.of(node)
        name = as_written(name, where)
        found = self._resolver.resolve_type(name, where)
        if found is None:
            raise where.error(f"Unknown type name '{name}'")
        return found

    def parameter_type(self, node: ast.expr | None) -> tuple[Type, int | None]:
        """Type of a parameter and, for `BroadcastingListN[int]`, the length to which one number is
        repeated."""
        if node is None:
            return INFERRED_TENSOR, None
        return self._broadcasting(node) or (self.type_of(node), None)

    def _broadcasting(self, node: ast.expr) -> tuple[Type, int] | None:
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        name = node.value.id
        if name == "Optional":
            inner = self._broadcasting(node.slice)
            return None if inner is None else (make_optional(inner[0]), inner[1])
        if not name.startswith(_BROADCASTING):
            return None
        elements = self._written_parts(node)
        before = self._positions.of(node.value)
        subscript = SourceRange(before.source, before.end, self._positions.of(elements[-1]).end)
        if len(elements) != 1:
            raise subscript.error(
                "BroadcastingList/Optional[BroadcastingList] must be subscripted with a type"
            )
        element = base_name(elements[0])
        if element is None:
            raise before.error("Subscripted type must be a type identifier")
        if element not in ("int", "float"):
            raise before.error("Broadcastable lists only supported for int or float")
        length = name.removeprefix(_BROADCASTING)
        if length and not length.isdigit():
            raise subscript.error("subscript of Broadcastable list must be a positive integer")
        return ListType(BASE_TYPES[element]), int(length or 0)

    def _subscripted(self, node: ast.Subscript) -> Type:
        name = base_name(node.value)
        parts = self._written_parts(node)
        if name in ("Tuple", "tuple") and len(parts) == 1 and isinstance(parts[0], ast.Tuple):
            if parts[0].elts:
                raise self._positions.of(parts[0]).error(
                    "Tuple literal in Tuple type annotation must not have any elements!"
                )
            parts = []
        match name:
            case "Tuple" | "tuple":
                return TupleType(tuple(self.type_of(part) for part in parts))
            case "Union":
                return make_union([self.type_of(part) for part in parts])
            case "Dict" | "dict":
                if len(parts) != 2:
                    raise self._count(node, 2, len(parts))
                return DictType(self.type_of(parts[0]), self.type_of(parts[1]))
            case "List" | "list":
                return ListType(self._only(node, parts))
            case "Optional":
                return make_optional(self._only(node, parts))
            case "Future" | "torch.jit.Future":
                return FutureType(self._only(node, parts))
            case "Await" | "torch.jit._Await":
                return AwaitType(self._only(node, parts))
            case "RRef":
                return RRefType(self._only(node, parts))
            case None:
                raise self._positions.of(node.value).error("Subscripted type must be a type identifier")
            case _:
                raise self._positions.of(node).error(f"Unknown type constructor {name}")

    def _written_parts(self, node: ast.Subscript) -> list[ast.expr]:
        """What stands between the brackets; a tuple in parentheses is one thing."""
        index = node.slice
        if isinstance(index, ast.Tuple) and not self._positions.is_parenthesized_tuple(index):
            return index.elts
        return [index]

    def _only(self, node: ast.Subscript, parts: list[ast.expr]) -> Type:
        if len(parts) != 1:
            raise self._count(node, 1, len(parts))
        return self.type_of(parts[0])

    def _count(self, node: ast.Subscript, expected: int, found: int) -> Exception:
        wanted = "one element type" if expected == 1 else f"{expected} element types"
        return self._positions.of(node).error(f" expected exactly {wanted} but found {found}")


def as_written(name: str, at: SourceRange) -> str:
    """The dotted name at `at`; its syntax may be shared by names that differ in their numbers."""
    if f"{MANGLING}0" in name:
        written = at.text()
        if len(written) == len(name):
            return written
    return name


def base_name(node: ast.expr) -> str | None:
    """Dotted name of a type expression; `torch.Tensor` and its kind lose their `torch.`."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        if node.id == "torch" and len(parts) == 1 and parts[0] in _TENSORS:
            return parts[0]
        parts.append(node.id)
        return ".".join(reversed(parts))
    if isinstance(node, ast.Constant) and node.value is None and not parts:
        return "None"
    return None
