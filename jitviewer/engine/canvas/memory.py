"""What nodes of a graph write to, as far as it is known that one value shares memory with another."""

from __future__ import annotations

from jitcore.ir import Graph, Node, Value
from jitcore.ops.memory_facts import SPECIAL_NODES, TAKES_PARTS, MemoryRule, shared_inputs, written_inputs
from jitcore.types import ClassType

Memory = Value | tuple[Value, str]
"""Something that can be written to: a value, or an attribute of a module by its path from an input."""


def memory_of(value: Value) -> Memory:
    """The attribute that a value is read from, or the value itself."""
    names: list[str] = []
    at = value
    while at.node.kind == "prim::GetAttr":
        names.append(str(at.node.attributes.get("name", "")))
        at = at.node.inputs[0]
    return (at, ".".join(reversed(names))) if names and _is_module(at) else value


def changed_by(node: Node) -> list[Value]:
    """The values whose memory a node writes to: its inputs, and what these share memory with."""
    changed: dict[Value, None] = {}
    pending = [node.inputs[index] for index in written_inputs(node) if index < len(node.inputs)]
    for value in pending:
        if value not in changed:
            changed[value] = None
            pending.extend(_shared(value))
    return list(changed)


def written_by(node: Node) -> list[Memory]:
    """What a node writes to, an attribute that it sets included; modules themselves are not."""
    if node.kind == "prim::SetAttr" and _is_module(node.inputs[0]):
        owner = memory_of(node.inputs[0])
        root, path = (owner, "") if isinstance(owner, Value) else owner
        name = str(node.attributes.get("name", ""))
        return [(root, f"{path}.{name}" if path else name)]
    return list(dict.fromkeys(memory_of(value) for value in changed_by(node) if not _is_module(value)))


def written_in(graph: Graph) -> set[Memory]:
    """Everything that some node of a graph writes to."""
    return {memory for node in graph.all_nodes() for memory in written_by(node)}


def _is_module(value: Value) -> bool:
    return isinstance(value.type, ClassType) and value.type.is_module


def _shared(value: Value) -> list[Value]:
    """The values that one may be, or be in the memory of, as the node that gives it says."""
    node = value.node
    block = node.block
    if node.kind == "prim::Param":
        owner = None if block is None else block.owner
        if owner is None or owner.kind != "prim::Loop" or not value.offset:
            return []
        return [owner.inputs[value.offset + 1], owner.blocks[0].outputs[value.offset]]
    if node.kind == "prim::If":
        return [branch.outputs[value.offset] for branch in node.blocks]
    if node.kind == "prim::Loop":
        return [node.inputs[value.offset + 2], node.blocks[0].outputs[value.offset + 1]]
    if SPECIAL_NODES.get(node.kind) is MemoryRule.IS_FIRST_INPUT:
        return list(node.inputs[:1])
    if node.kind in TAKES_PARTS:
        return _inside(node.inputs[0])
    return _viewed(value)


def _inside(container: Value) -> list[Value]:
    """A container, and what it is made of: parts of it are written to where one is taken out."""
    made = container.node
    return [container, *(made.inputs if SPECIAL_NODES.get(made.kind) is MemoryRule.CONTAINS else ())]


def _viewed(value: Value) -> list[Value]:
    """The inputs that an output shares memory with, by the schema."""
    return [value.node.inputs[index] for index in shared_inputs(value.node, value.offset) or ()]
