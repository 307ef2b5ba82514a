"""Which nodes are folded into their users: constants, attribute reads, and lists of these."""

from __future__ import annotations

from collections.abc import Collection

from jitcore.ir import Graph, Node, Value
from jitcore.types import BOOL, ClassType
from jitviewer.engine.canvas.memory import memory_of, written_in
from jitviewer.protocol.bounds import LABEL, VALUES, cut

_ALWAYS = frozenset({"prim::Constant", "prim::Uninitialized"})
_MAY_BE_WRITTEN = frozenset({"prim::GetAttr", "prim::ListConstruct"})
_INT_MAX = 2**63 - 1
"""What TorchScript writes for "to the end" and "for ever"."""


def folded_nodes(
    graph: Graph, shows_constants: bool = False, with_constants: Collection[int] = ()
) -> set[Node]:
    """The nodes that get no box of their own, because they only name a constant or an attribute.

    A node whose value the graph itself returns keeps its box, and so do what is written to and the reads of
    it. With `shows_constants` only reads of modules are left without one, which are shown as scopes;
    `with_constants` are nodes by id whose own constants are shown.
    """
    kept = {value.node for value in graph.outputs} | written_nodes(graph)
    folded: set[Node] = set()
    for node in graph.all_nodes():
        if node not in kept and (
            node.kind in _ALWAYS or _is_attribute_read(node, folded) or _is_plain_list(node, folded)
        ):
            folded.add(node)
    if shows_constants:
        return {node for node in folded if node.kind == "prim::GetAttr" and is_module(node.output)}
    if with_constants:
        for node in graph.all_nodes():
            if node.id in with_constants:
                _unfold_inputs(node, folded)
    return folded


def written_nodes(graph: Graph) -> set[Node]:
    """The lists that are written to, and the reads of attributes that are: no words stand for these."""
    written = written_in(graph)
    if not written:
        return set()
    return {
        node
        for node in graph.all_nodes()
        if node.kind in _MAY_BE_WRITTEN and memory_of(node.output) in written
    }


def _unfold_inputs(node: Node, folded: set[Node]) -> None:
    pending = [value.node for value in node.inputs if not is_module(value)]
    while pending:
        inner = pending.pop()
        if inner in folded:
            folded.discard(inner)
            pending.extend(value.node for value in inner.inputs if not is_module(value))


def _is_attribute_read(node: Node, folded: set[Node]) -> bool:
    """Whether a node reads an attribute of the model, not of an object that the program made."""
    if node.kind != "prim::GetAttr":
        return False
    owner = node.inputs[0]
    return is_module(owner) or owner.node in folded


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


def argument_text(value: Value, written: Collection[Node] = (), levels: int = 3) -> str:
    """What a folded input says in its user's box: an attribute's last name or a short constant.

    Of nodes that are `written` to nothing is said: what they hold changes.
    Of lists in lists `levels` are written out: each may hold the next twice, and that forty times.
    """
    node = value.node
    if node in written:
        return ""
    if node.kind == "prim::GetAttr":
        return "" if is_module(value) else cut(str(node.attributes.get("name", "")), LABEL)
    if node.kind == "prim::Constant":
        return constant_text(node.attributes.get("value"))
    if node.kind in ("prim::ListConstruct", "prim::TupleConstruct"):
        if not levels:
            return "\u2026"
        words = [argument_text(v, written, levels - 1) for v in node.inputs[:VALUES]]
        if node.inputs and not any(words):
            return ""
        inner = cut(", ".join(word or "_" for word in words), LABEL)
        return f"[{inner}]" if node.kind == "prim::ListConstruct" else f"({inner})"
    return ""


def constant_text(value: object) -> str:
    """A short constant in words; "" for what says nothing by itself (None, flags) or is long."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return "max" if value == _INT_MAX else str(value)
    if isinstance(value, str):
        return repr(value) if len(value) <= 24 else repr(value[:22]) + "…"
    if isinstance(value, list | tuple) and len(value) <= 6:
        return "[" + ", ".join(constant_text(v) or str(v) for v in value) + "]"
    return ""


def constant_word(value: Value) -> str:
    """A constant that stands by itself: None and flags too; "" for what is no constant, or a long one."""
    if value.node.kind != "prim::Constant":
        return ""
    constant = value.node.attributes.get("value")
    if constant is None:
        return "None"
    return str(bool(constant)) if value.type is BOOL else constant_text(constant)
