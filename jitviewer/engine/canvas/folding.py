"""Which nodes are folded into their users: constants, attribute reads, and lists of these."""

from __future__ import annotations

from jitcore.ir import Graph, Node, Value
from jitcore.types import ClassType

_ALWAYS = frozenset({"prim::Constant", "prim::GetAttr", "prim::Uninitialized"})


def folded_nodes(graph: Graph) -> set[Node]:
    """The nodes that get no box of their own, because they only name a constant or an attribute.

    A node whose value the graph returns, or that a block returns, keeps its box.
    """
    folded: set[Node] = set()
    for node in graph.all_nodes():
        if node.kind in _ALWAYS or _is_plain_list(node, folded):
            folded.add(node)
    return folded


def _is_plain_list(node: Node, folded: set[Node]) -> bool:
    return (
        node.kind in ("prim::ListConstruct", "prim::TupleConstruct")
        and all(value.node in folded for value in node.inputs)
        and all(user.kind != "prim::Return" for user, _ in node.output.uses)
    )


def is_module(value: Value) -> bool:
    """Whether a value is a module: such values are shown as scopes, not as data."""
    return isinstance(value.type, ClassType) and value.type.is_module


def attribute_path(value: Value) -> str:
    """`layer1.conv.weight` for a chain of attribute reads from an input; "" when it is none."""
    names: list[str] = []
    node = value.node
    while node.kind == "prim::GetAttr":
        names.append(str(node.attributes.get("name", "")))
        node = node.inputs[0].node
    return ".".join(reversed(names))


def argument_text(value: Value) -> str:
    """What a folded input says in its user's box: an attribute's last name or a short constant."""
    node = value.node
    if node.kind == "prim::GetAttr":
        return "" if is_module(value) else str(node.attributes.get("name", ""))
    if node.kind == "prim::Constant":
        return _constant_text(node.attributes.get("value"))
    if node.kind in ("prim::ListConstruct", "prim::TupleConstruct"):
        inner = ", ".join(argument_text(v) or "_" for v in node.inputs)
        return f"[{inner}]" if node.kind == "prim::ListConstruct" else f"({inner})"
    return ""


def _constant_text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return repr(value) if len(value) <= 24 else repr(value[:22]) + "…"
    if isinstance(value, list | tuple) and len(value) <= 6:
        return "[" + ", ".join(_constant_text(v) or str(v) for v in value) + "]"
    return ""
