"""Makers of the nodes that the frontend emits without looking up an operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jitcore.ir import Graph, Node, Value
from jitcore.ops.conversions import insert_list as make_list
from jitcore.ops.conversions import insert_tuple as make_tuple
from jitcore.ops.conversions import unpack_tuple as tuple_unpack
from jitcore.source import Source, SourceRange
from jitcore.types import (
    BOOL,
    NONE,
    ClassType,
    DictType,
    Type,
)  # fmt: skip

__all__ = [
    "NOWHERE", "constant_of", "get_attribute", "insert", "make_dict", "make_is_instance", "make_list",
    "make_none",
    "make_tuple", "tuple_index", "tuple_unpack", "unchecked_cast", "uninitialized",
]  # fmt: skip

NOWHERE = SourceRange(Source(""), 0, 1)
"""The range of nodes that stand for no place in the program; it is not printed."""


def insert(
    graph: Graph, kind: str, inputs: Iterable[Value], type: Type, at: SourceRange | None = None
) -> Value:
    """Insert a node with one output of `type`."""
    node = graph.create(kind, inputs)
    node.source_range = at
    node.outputs[0].set_type(type)
    graph.insert(node)
    return node.outputs[0]


def get_attribute(graph: Graph, owner: Value, name: str) -> Value:
    """`prim::GetAttr` of a slot of an object."""
    kind = owner.type
    assert isinstance(kind, ClassType)
    node = graph.create("prim::GetAttr", (owner,)).set_attribute("name", name)
    output = node.outputs[0]
    output.set_type(kind.attributes[name].type)
    output.set_debug_name(f"_{name}" if name.isdigit() else name)
    graph.insert(node)
    return output


def tuple_index(graph: Graph, value: Value, index: Value, element: Type) -> Value:
    """`prim::TupleIndex`."""
    return insert(graph, "prim::TupleIndex", (value, index), element)


def make_dict(graph: Graph, type: DictType, keys: Sequence[Value], values: Sequence[Value]) -> Value:
    """`prim::DictConstruct`, whose type is an object of its own, as exits tell types apart by object."""
    pairs = [v for pair in zip(keys, values, strict=True) for v in pair]
    return insert(graph, "prim::DictConstruct", pairs, DictType(type.key_type, type.value_type))


def unchecked_cast(graph: Graph, value: Value, type: Type) -> Value:
    """`prim::unchecked_cast`."""
    return insert(graph, "prim::unchecked_cast", (value,), type)


def make_none(graph: Graph, type: Type = NONE) -> Value:
    """A None constant that may carry an optional type."""
    return insert(graph, "prim::Constant", (), type)


def uninitialized(graph: Graph, type: Type) -> Node:
    """A free `prim::Uninitialized` node."""
    node = graph.create("prim::Uninitialized")
    node.outputs[0].set_type(type)
    return node


def make_is_instance(graph: Graph, value: Value, types: Sequence[Type]) -> Value:
    """`prim::isinstance`."""
    output = insert(graph, "prim::isinstance", (value,), BOOL)
    output.node.set_attribute("types", list(types))
    return output


def constant_of(value: Value) -> tuple[bool, object]:
    """Whether `value` is a constant (functions are not), and what it is."""
    node = value.node
    if node.kind != "prim::Constant" or value.type.kind == "FunctionType":
        return False, None
    return True, node.attributes.get("value")
