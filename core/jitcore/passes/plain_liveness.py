"""Graphs in which reading alone tells what is needed, so that no liveness analysis has to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.effects import has_side_effects
from jitcore.ops.lookup import schema_of
from jitcore.passes.alias_analysis import is_mutable_type
from jitcore.passes.alias_analysis.schema_plan import plan_of
from jitcore.passes.alias_analysis.special_nodes import HANDLERS
from jitcore.passes.constants import constant_bool

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_PLAIN_BLOCKS: Final = frozenset(("prim::If", "prim::Loop", "prim::GradOf"))
_NORMALIZATIONS: Final = frozenset(("aten::batch_norm", "aten::instance_norm"))
_ALWAYS_NEEDED: Final = frozenset(
    ("prim::CallFunction", "prim::CallMethod", "prim::Enter", "prim::Exit", "aten::wait")
)

QUIET: Final = frozenset(
    (
        "prim::Constant", "prim::GetAttr", "prim::ListConstruct", "prim::TupleConstruct", "prim::TupleUnpack",
        "prim::TupleIndex", "prim::TupleSlice", "prim::ListUnpack", "prim::DictConstruct", "prim::Return",
        "prim::Param", "prim::Uninitialized", "prim::unchecked_cast", "prim::Print", "prim::isinstance",
        "prim::CreateObject", "prim::EmptyListLiteral",
    )
)  # fmt: skip
"""Kinds with alias rules of their own that never write."""


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
        elif graph is not None and kind not in QUIET:
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
        return node.kind not in QUIET and bool(written_values(node))
    if node.kind == "prim::SetAttr":
        return True
    schema = schema_of(node)
    return schema is not None and schema.is_mutable


def written_values(node: Node) -> list[Value] | None:
    """The inputs to whose memory the node writes, by the rules of the alias analysis.

    Empty for nodes that are needed in any case; None where it takes the analysis to tell.
    """
    kind, inputs = node.kind, node.inputs
    if kind in HANDLERS:
        if kind in _ALWAYS_NEEDED:
            return []
        if kind == "prim::SetAttr":
            return [inputs[0]]
        if kind not in _NORMALIZATIONS:
            return None
        if constant_bool(inputs[5]) is False:
            return []
        return [value for value in inputs[3:5] if is_mutable_type(value.type)]
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
