"""Constant pooling: equal constants become one, and all constants stand at the beginning.

%1 : int = prim::Constant[value=1]()              %1 : int = prim::Constant[value=1]()
%a : int = aten::add(%x, %1)                ->    %a : int = aten::add(%x, %1)
%2 : int = prim::Constant[value=1]()              %b : int = aten::add(%a, %1)
%b : int = aten::add(%a, %2)
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import CONSTANT
from jitcore.passes.alias_analysis import AliasDb, is_mutable_type
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_of, literal
from jitcore.passes.node_equality import NodeTable, digest_of
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


class ConstantPooling(Pass):
    """Merge equal constants, and move constants to the beginning of the graph.

    %2 : int = prim::Constant[value=1]()    ->    nothing, if %1 is the same constant

    Constants that can be written to (tensors, lists) are only merged where nobody can tell. The
    moved constants end up in the reverse of the order in which they were met, as in libtorch.
    """

    name: ClassVar[str] = "constant-pooling"
    counterpart: ClassVar[str] = "_jit_pass_constant_pooling"
    refuses: ClassVar[bool] = False

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Pool the constants of all blocks."""
        return pool_constants(graph)


def pool_constants(graph: Graph) -> bool:
    """Pool the constants of all blocks; says whether anything changed."""
    return _Pool(graph).run(graph.block)


class _Pool:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._constants = NodeTable()

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def run(self, block: Block) -> bool:
        changed = False
        node = block.param_node.next
        end = block.return_node
        while node is not end and node is not None:
            following = node.next
            if node.blocks:
                for inner in node.blocks:
                    changed |= self.run(inner)
            elif node.kind == CONSTANT:
                changed |= self._visit(node)
            node = following
        return changed

    def _visit(self, node: Node) -> bool:
        existing = self._constants.find_or_add(node, digest_of(node))
        if existing is None:
            first = self._graph.block.param_node.next
            if first is None or first is node:
                return False
            move_to_front(node, first)
            return True
        if not self._may_merge(node, existing):
            return False
        merge_constants(node, existing)
        return True

    def _may_merge(self, node: Node, existing: Node) -> bool:
        """Whether it makes no difference that both constants become the same object."""
        if not is_mutable_type(node.output.type):
            return True
        if constant_of(node.output) is constant_of(existing.output):
            return True
        return self._db.safe_to_change_aliasing(node.outputs, existing.outputs)


@rule
def move_to_front(node: Node, first: Node) -> None:
    """a constant anywhere -> the same constant at the beginning of the graph"""
    with move_to_front.step(
        node.graph,
        lambda: (
            f"%{node.output.name} is the constant {literal(constant_of(node.output))}, so it can stand first"
        ),
        (node,),
    ):
        node.move_before(first)


@rule
def merge_constants(node: Node, existing: Node) -> None:
    """two equal constants -> the first of them"""
    with merge_constants.step(
        node.graph,
        lambda: (
            f"%{node.output.name} and %{existing.output.name} are both {literal(constant_of(node.output))}, "
            f"so whoever read %{node.output.name} reads %{existing.output.name}"
        ),
        (node, existing),
    ):
        node.output.replace_all_uses_with(existing.output)
        node.destroy()
