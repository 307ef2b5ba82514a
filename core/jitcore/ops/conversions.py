"""Implicit conversions of an argument to the type that a schema asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    STRING,
    TENSOR,
    ListType,
    OptionalType,
    TupleType,
    Type,
    is_subtype,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Graph, Value
    from jitcore.source import SourceRange

_FROM_TENSOR: dict[Type, str] = {
    FLOAT: "aten::FloatImplicit",
    COMPLEX: "aten::ComplexImplicit",
    INT: "aten::IntImplicit",
    NUMBER: "aten::ScalarImplicit",
}
_FROM_NUMBER: dict[Type, str] = {FLOAT: "aten::Float", COMPLEX: "aten::Complex", INT: "aten::Int"}
_FROM_BOOL: dict[Type, tuple[str, Type]] = {
    FLOAT: ("aten::Float", FLOAT),
    INT: ("aten::Int", INT),
    NUMBER: ("aten::Int", INT),
}


def unwrap_optional(t: Type) -> Type:
    """`T` of `T?`; other types as they are."""
    return t.element if isinstance(t, OptionalType) else t


def convertible_to_list(actual: Type, wanted: Type) -> bool:
    """Whether `actual` is the list `wanted`, or a tuple whose elements would fit into it."""
    if not isinstance(wanted, ListType):
        return False
    if is_subtype(actual, wanted):
        return True
    return isinstance(actual, TupleType) and all(is_subtype(e, wanted.element) for e in actual.elements)


def insert_list(graph: Graph, element: Type, values: Sequence[Value]) -> Value:
    """A `prim::ListConstruct` at the insert point; it has no place in the source."""
    node = graph.insert(graph.create("prim::ListConstruct", values))
    return node.output.set_type(ListType(element))


def insert_tuple(graph: Graph, values: Sequence[Value], type: TupleType | None = None) -> Value:
    """A `prim::TupleConstruct` at the insert point, of `type` if it is a named tuple."""
    node = graph.insert(graph.create("prim::TupleConstruct", values))
    return node.output.set_type(type or TupleType(tuple(v.type for v in values)))


def unpack_tuple(graph: Graph, value: Value) -> list[Value]:
    """The elements of a tuple: those it was made from, or a `prim::TupleUnpack` at the insert point."""
    if value.node.kind == "prim::TupleConstruct":
        return list(value.node.inputs)
    assert isinstance(value.type, TupleType)
    node = graph.insert(graph.create("prim::TupleUnpack", (value,), 0))
    for element in value.type.elements:
        node.add_output(element)
    return list(node.outputs)


def convert(
    graph: Graph, range: SourceRange | None, wanted: Type, value: Value, allow_conversions: bool
) -> Value:
    """`value` brought closer to the type `wanted`; the caller checks whether it has got there.

    Tuples become lists and empty list literals typed lists in any case; tensors become numbers, numbers
    and bools other numbers, and strings devices, only if `allow_conversions` says so.
    """
    actual = value.type
    if (
        isinstance(wanted, OptionalType)
        and not isinstance(actual, OptionalType)
        and not is_subtype(actual, NONE)
    ):
        return convert(graph, range, wanted.element, value, allow_conversions)
    if isinstance(wanted, ListType) and value.node.kind == "prim::EmptyListLiteral":
        value = insert_list(graph, wanted.element, ())
    if isinstance(value.type, TupleType):
        value = _convert_tuple(graph, range, wanted, value, value.type, allow_conversions)
    return _convert_scalar(graph, range, wanted, value) if allow_conversions else value


def _convert_tuple(
    graph: Graph,
    range: SourceRange | None,
    wanted: Type,
    value: Value,
    actual: TupleType,
    allow_conversions: bool,
) -> Value:
    bare = unwrap_optional(wanted)
    if isinstance(bare, ListType) and convertible_to_list(actual, bare):
        value = insert_list(graph, bare.element, unpack_tuple(graph, value))
    if (
        isinstance(wanted, TupleType)
        and len(wanted.elements) == len(actual.elements)
        and not is_subtype(actual, wanted)
    ):
        unpacked = unpack_tuple(graph, value)
        converted = [
            convert(graph, range, element, part, allow_conversions)
            for element, part in zip(wanted.elements, unpacked, strict=True)
        ]
        value = insert_tuple(graph, converted)
    return value


def _convert_scalar(graph: Graph, range: SourceRange | None, wanted: Type, value: Value) -> Value:
    actual = value.type
    if is_subtype(actual, TENSOR):
        kind = _FROM_TENSOR.get(wanted)
        return value if kind is None else _insert_conversion(graph, range, kind, value, wanted)
    if actual is NUMBER:
        kind = _FROM_NUMBER.get(wanted)
        return value if kind is None else _insert_conversion(graph, range, kind, value, wanted)
    if actual is BOOL:
        conversion = _FROM_BOOL.get(wanted)
        return (
            value
            if conversion is None
            else _insert_conversion(graph, range, conversion[0], value, conversion[1])
        )
    if is_subtype(actual, STRING) and is_subtype(wanted, DEVICE):
        return _insert_conversion(graph, range, "aten::device", value, DEVICE)
    return value


def _insert_conversion(
    graph: Graph, range: SourceRange | None, kind: str, value: Value, result: Type
) -> Value:
    node = graph.insert(graph.create(kind, (value,)))
    node.source_range = range
    return node.output.set_type(result)
