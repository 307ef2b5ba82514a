"""Common subexpression elimination: what is computed twice is computed once.

%1 : Tensor = aten::neg(%x)             %1 : Tensor = aten::neg(%x)
%2 : Tensor = aten::neg(%x)       ->    %3 : Tensor = aten::mul(%1, %1)
%3 : Tensor = aten::mul(%1, %2)
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import take_over
from jitcore.ops.effects import has_side_effects, is_nondeterministic
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.node_equality import NodeTable, digest_of
from jitcore.passes.rules import names, rule, spoken

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


class CommonSubexpressionElimination(Pass):
    """Replace a node by an earlier one that computes the same.

    %2 : Tensor = aten::neg(%x)    ->    nothing, if %1 : Tensor = aten::neg(%x) stands before it

    Nodes that draw random numbers, have effects, or touch what is written to anywhere are left
    alone, and so are two results that the caller could tell apart.
    """

    name: ClassVar[str] = "cse"
    counterpart: ClassVar[str] = "_jit_pass_cse"
    refuses: ClassVar[bool] = False

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Merge equal nodes of all blocks."""
        return eliminate_common_subexpressions(graph)


def eliminate_common_subexpressions(graph: Graph) -> bool:
    """Merge equal nodes of all blocks; says whether there were any."""
    return _Eliminator(graph).block(graph.block, ())


class _Eliminator:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def block(self, block: Block, around: tuple[NodeTable, ...]) -> bool:
        """Merge the nodes of `block`; `around` are the tables of the blocks around it, innermost first."""
        changed = False
        table = NodeTable()
        for node in block.nodes():
            if node.kind == "prim::profile" or has_side_effects(node) or is_nondeterministic(node):
                continue
            if node.blocks:
                for inner in node.blocks:
                    changed |= self.block(inner, (table, *around))
                continue
            if self._db.has_writers(node):
                continue
            changed |= self._merge(node, table, around)
        return changed

    def _merge(self, node: Node, table: NodeTable, around: tuple[NodeTable, ...]) -> bool:
        digest = digest_of(node)
        for outer in around:
            earlier = outer.find(node, digest)
            if earlier is not None:
                if not self._db.safe_to_change_aliasing(node.outputs, earlier.outputs):
                    return False
                merge_nodes(node, earlier)
                return True
        earlier = table.find_or_add(node, digest)
        if earlier is None:
            return False
        results = self._graph.outputs
        if self._db.may_contain_alias(node.outputs, results) and self._db.may_contain_alias(
            earlier.outputs, results
        ):
            # The caller would get one object where it got two.
            return False
        merge_nodes(node, earlier)
        return True


@rule
def merge_nodes(node: Node, earlier: Node) -> None:
    """two nodes that compute the same -> the first of them"""
    with merge_nodes.step(
        node.graph,
        lambda: f"{names(node.outputs)} and {names(earlier.outputs)} are both {spoken(node)}",
        (node, earlier),
    ):
        for old, new in zip(node.outputs, earlier.outputs, strict=True):
            old.replace_all_uses_with(new)
        take_over(earlier, node)
        node.destroy()
