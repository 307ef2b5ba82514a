"""The shown graph as text that torch's own parser of graphs takes."""

from __future__ import annotations

import math
import re
from itertools import chain
from typing import Final, cast

from jitcore.ir import Function, Graph, Node, Value
from jitcore.passes.inline import inlined_graph
from jitcore.printing import print_graph
from jitcore.types import (
    ANY,
    FLOAT,
    INT,
    STRING,
    ClassType,
    FutureType,
    ListType,
    NominalType,
    TupleType,
    Type,
    rebuilt,
)

_CUSTOM_CLASSES: Final = "__torch__.torch.classes."
"""Names of the classes that torch's parser knows."""

_LARGE: Final = 1e9


def parseable_text(graph: Graph, function: Function) -> tuple[str, str]:
    """The text without places, and a sentence on what was changed for the parser or it cannot take.

    The parser knows no classes: attributes that the graph reads, tensors that it holds and what Python gives
    become its inputs, and what objects are left are of type Any. Nor does it know names of tuples, or tuples
    as constants. A graph that calls methods is taken inlined.
    """
    calls = any(node.kind in ("prim::CallMethod", "prim::CallFunction") for node in graph.all_nodes())
    changed = inlined_graph(function) if calls else graph.copy()
    lifted = _lift_attributes(changed)
    _build_tuples(changed)
    replaced = _replace_types(changed)
    # torch prints a sign of equality after no value, and does not parse it.
    text = re.sub(r"(?m)^( +) = (?=\w+::)", r"\1", print_graph(changed, locations=False).text)
    told: list[str] = []
    if calls:
        told.append("calls are inlined")
    if lifted:
        told.append(f"{lifted:,} attributes, tensors and other constants became inputs")
    if replaced:
        told.append("what the parser has no type for is of type Any")
    return text, "; ".join(told)


def _lift_attributes(graph: Graph) -> int:
    """Make an input of every attribute that is no object and of every tensor; how many there were."""
    lifted: dict[str, Value] = {}
    reads = [node for node in graph.all_nodes() if node.kind == "prim::GetAttr"]
    for node in reads:
        value = node.outputs[0]
        if isinstance(value.type, ClassType):
            continue
        path = _path(node)
        known = lifted.get(path)
        if known is None:
            known = lifted[path] = graph.add_input("", value.type)
        value.replace_all_uses_with(known)
    for node in graph.all_nodes():
        is_python = node.kind.startswith("^")
        if is_python or _is_strange(node):
            for value in node.outputs:
                lifted[f"#{node.id}.{value.offset}"] = given = graph.add_input("", value.type)
                value.replace_all_uses_with(given)
            if is_python:
                node.destroy()
    for node in reversed(reads):
        if not any(output.has_uses() for output in node.outputs):
            node.destroy()
    for node in reversed(graph.all_nodes()):
        # Functions that inlining has used up are constants of a type that the parser does not know.
        if node.kind == "prim::Constant" and not node.outputs[0].has_uses():
            node.destroy()
    for at in reversed(range(len(graph.inputs))):
        if isinstance(graph.inputs[at].type, ClassType) and not graph.inputs[at].has_uses():
            graph.block.erase_input(at)
    return len(lifted)


def _is_strange(node: Node) -> bool:
    """Whether it is a constant that torch's parser does not take."""
    if node.kind != "prim::Constant":
        return False
    return not _has_literal(node.attributes.get("value"), node.outputs[0].type)


def _has_literal(value: object, kind: Type) -> bool:
    """Whether torch's parser takes a constant as `.graph` prints it.

    Of tensors the text holds no elements, or not all that the parser wants; it knows no members of enums and
    no complex numbers, no spelling of bytes by their number, and only lists of numbers and of texts.
    """
    if isinstance(value, tuple) and isinstance(kind, TupleType):
        items = cast("tuple[object, ...]", value)
        return all(map(_has_literal, items, kind.elements))
    if isinstance(value, list):
        element = kind.parts[0] if isinstance(kind, ListType) else kind
        is_plain = element in (INT, FLOAT, STRING)
        return is_plain and all(_is_listed(item, element) for item in cast("list[object]", value))
    if isinstance(value, str):
        return value.isascii() and all(sign.isprintable() or sign in "\n\t" for sign in value)
    return value is None or isinstance(value, bool | int | float | Type)


def _is_listed(item: object, kind: Type) -> bool:
    """In lists the parser wants numbers that look alike: `.graph` prints large floats like integers."""
    if isinstance(item, float):
        return math.isfinite(item) and abs(item) < _LARGE
    return _has_literal(item, kind)


def _build_tuples(graph: Graph) -> None:
    """Make tuples that are constants of their elements."""
    for node in graph.all_nodes():
        if node.kind == "prim::Constant" and isinstance(node.attributes.get("value"), tuple):
            whole = node.outputs[0]
            with graph.inserting_before(node):
                whole.replace_all_uses_with(_built(graph, node.attributes["value"], whole.type))
            node.destroy()


def _built(graph: Graph, value: object, kind: Type) -> Value:
    if not isinstance(value, tuple) or not isinstance(kind, TupleType):
        return graph.insert_constant(value, kind)
    items = cast("tuple[object, ...]", value)
    parts = [_built(graph, item, part) for item, part in zip(items, kind.elements, strict=True)]
    node = graph.insert(graph.create("prim::TupleConstruct", parts))
    node.outputs[0].type = kind
    return node.outputs[0]


def _replace_types(graph: Graph) -> set[str]:
    """Give every value a type that the parser knows; the names of classes that it does not."""
    unknown: set[str] = set()
    for node in (graph.block.param_node, *graph.all_nodes()):
        blocks = (block.param_node for block in node.blocks)
        for value in chain(node.outputs, *(inner.outputs for inner in blocks)):
            value.type = _known(value.type, unknown)
        types = node.attributes.get("types")
        if node.kind == "prim::isinstance" and isinstance(types, list):
            kinds = cast("list[Type]", types)
            node.attributes["types"] = [_known_in_list(kind, unknown) for kind in kinds]
    return unknown


def _known_in_list(kind: Type, unknown: set[str]) -> Type:
    """The same among the types that a value is asked for; the parser takes a tuple there for a literal."""
    if isinstance(kind, TupleType):
        unknown.add("Tuple")
        return ANY
    return _known(kind, unknown)


def _known(kind: Type, unknown: set[str]) -> Type:
    if isinstance(kind, NominalType) and not kind.qualified_name.startswith(_CUSTOM_CLASSES):
        unknown.add(kind.qualified_name)
        return ANY
    if isinstance(kind, FutureType):
        # The parser has another spelling of it than `.graph`.
        unknown.add("Future")
        return ANY
    if isinstance(kind, TupleType):
        return TupleType(tuple(_known(part, unknown) for part in kind.parts))
    return rebuilt(kind, tuple(_known(part, unknown) for part in kind.parts)) if kind.parts else kind


def _path(node: Node) -> str:
    """What the attribute is called from the outermost object on."""
    names: list[str] = []
    at = node
    while at.kind == "prim::GetAttr":
        names.append(str(at.attributes["name"]))
        at = at.inputs[0].node
    return ".".join([f"%{at.id}", *reversed(names)])
