"""Graphs in which reading alone tells what is needed, so that no liveness analysis has to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.effects import has_side_effects
from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import (
    NEVER_WRITES,
    RUNNING_STATISTICS,
    SPECIAL_NODES,
    MemoryRule,
    may_train,
    plan_of,
    writes,
)
from jitcore.passes.alias_analysis import is_mutable_type

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_PLAIN_BLOCKS: Final = frozenset(("prim::If", "prim::Loop", "prim::GradOf"))


def reads_tell_needs(block: Block, graph: Graph | None) -> bool:
    """Whether a node of `block` is needed exactly if something needed reads it or it has an effect.

    That is so if whatever is written to is plainly known outside: an input of `graph` or an
    attribute. Otherwise a write may matter to some later reader, and it takes `Liveness` to tell.
    Without a `graph` every write counts as an effect.
    """
    node = block.param_node.next
    while node is not None:
        kind = node.kind
        if node.blocks:
            if kind not in _PLAIN_BLOCKS or not all(reads_tell_needs(inner, graph) for inner in node.blocks):
                return False
        elif graph is not None and kind not in NEVER_WRITES:
            written = written_values(node)
            if written is None or not all(is_known_outside(value, graph) for value in written):
                return False
        node = node.next
    return True


def has_effects(node: Node, of_writes: bool) -> bool:
    """Whether the node itself does something that is seen, in a graph in which `reads_tell_needs`.

    With `of_writes` what the alias rules say is a write, otherwise what the schema says.
    """
    if has_side_effects(node):
        return True
    if of_writes:
        return node.kind not in NEVER_WRITES and bool(written_values(node))
    return writes(node)


def written_values(node: Node) -> list[Value] | None:
    """The inputs to whose memory the node writes, by the rules of the alias analysis.

    Empty for nodes that are needed in any case; None where it takes the analysis to tell.
    """
    kind, inputs = node.kind, node.inputs
    rule = SPECIAL_NODES.get(kind)
    if rule is not None:
        if has_side_effects(node):
            return []
        if rule is MemoryRule.SETS_ATTRIBUTE:
            return [inputs[0]]
        if rule is not MemoryRule.NORMALIZES:
            return None
        if not may_train(node):
            return []
        return [inputs[index] for index in RUNNING_STATISTICS if is_mutable_type(inputs[index].type)]
    schema = schema_of(node)
    if schema is None:
        return [] if has_side_effects(node) else None
    plan = plan_of(schema)
    if plan.all_fresh or plan.is_conservative:
        return []
    written = [
        inputs[index]
        for index, alias in plan.arguments
        if alias.is_write and is_mutable_type(inputs[index].type)
    ]
    if not written and any(result is not None and result.is_write for result in plan.returns):
        return None
    return written


def is_known_outside(value: Value, graph: Graph) -> bool:
    """Whether the value is an input of the graph or an attribute, which others may read."""
    node = value.node
    return node.kind == "prim::GetAttr" or node is graph.block.param_node
