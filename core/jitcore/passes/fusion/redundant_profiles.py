"""Drops what notes a tensor that was noted just before, where neither has seen one.

As torch/csrc/jit/passes/remove_redundant_profiles.cpp, to which types that tell something are never the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.execution.profile_nodes import PROFILE, PROFILED_TYPE
from jitcore.passes.rules import rule
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


def remove_redundant_profiles(graph: Graph) -> bool:
    """Drop them in all blocks; says whether there were any."""
    if not any(_notes_again(node) for node in graph.all_nodes()):
        return False
    return _remove_in(graph.block, AliasDb(graph))


def _remove_in(block: Block, db: AliasDb) -> bool:
    changed = False
    for node in list(block.nodes_reversed()):
        for inner in node.blocks:
            changed |= _remove_in(inner, db)
        if _notes_again(node) and db.move_before(node.inputs[0].node, node):
            drop_second_profile(node)
            changed = True
    return changed


def _notes_again(node: Node) -> bool:
    if node.kind != PROFILE or not node.inputs:
        return False
    first = node.inputs[0].node
    return first.kind == PROFILE and all(
        each.attributes.get(PROFILED_TYPE) == TENSOR for each in (first, node)
    )


@rule
def drop_second_profile(node: Node) -> None:
    """profile(profile(x)) -> profile(x)"""
    value = node.inputs[0]
    with drop_second_profile.step(node.graph, lambda: f"%{value.name} has just been noted", (node,)):
        node.output.replace_all_uses_with(value)
        node.destroy()
