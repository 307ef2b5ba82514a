"""Forms fusion groups: from a node towards what gives its inputs, for as long as something can join.

As TensorExprFuser of libtorch (torch/csrc/jit/passes/tensorexpr_fuser.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.functional_graphs.alias_keeping import group_alone, merge_with_aliases
from jitcore.passes.functional_graphs.create_functional_graphs import pool_constants_inside
from jitcore.passes.functional_graphs.merging import subgraph_of, take_apart
from jitcore.passes.fusion.fusible_nodes import GROUP, FusibleNodes, starts_no_group
from jitcore.passes.rules import count, rule, spoken

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node
    from jitcore.passes.alias_analysis import AliasDb
    from jitcore.passes.fusion.fusion_choice import FusionChoice

_NOT_COUNTED = frozenset(("prim::Constant", "prim::ListConstruct"))
"""What joins a group only together with somebody who reads it."""


def form_groups(graph: Graph, choice: FusionChoice, db: AliasDb) -> bool:
    """Form groups in all blocks, and give back those that are too small; says whether any was formed."""
    forming = _GroupForming(choice, db)
    forming.form_in(graph.block)
    forming.give_back_small(graph.block)
    return forming.has_formed


class _GroupForming:
    def __init__(self, choice: FusionChoice, db: AliasDb) -> None:
        self._choice = choice
        self._db = db
        self._rules = FusibleNodes(choice, db)
        self.has_formed = False

    def form_in(self, block: Block) -> None:
        """Form groups in a block, then in those of its nodes; at last merge neighbours."""
        changed = True
        while changed:
            changed = False
            node = block.return_node.prev
            while node is not None and node is not block.param_node:
                node, merged = self._scan(node)
                changed |= merged
        for node in list(block.nodes()):
            for inner in node.blocks:
                self.form_in(inner)
        self._merge_neighbours(block)

    def _scan(self, node: Node) -> tuple[Node | None, bool]:
        """Let one producer join the node; gives where to go on, and whether one did."""
        if not self._rules.may_be_grouped(node) or starts_no_group(node):
            return node.prev, False
        if self._choice.fewest == 1 or node.kind == "aten::conv2d":
            node = self._group_of(node)
        producers = {value.node for value in node.inputs if value.node.block is node.block}
        for producer in sorted(producers, key=lambda one: one.position, reverse=True):
            group = self._try_merge(node, producer)
            if group is not None:
                return group, True
        return node.prev, False

    def _merge_neighbours(self, block: Block) -> None:
        groups = [node for node in block.nodes() if node.kind == GROUP]
        if not groups:
            return
        before = groups[0]
        for group in groups[1:]:
            before = self._try_merge(before, group) or group

    def _try_merge(self, consumer: Node, producer: Node) -> Node | None:
        if not self._rules.may_merge(consumer, producer):
            return None
        joining = [producer]
        if producer.kind == "aten::cat":
            joining.append(producer.inputs[0].node)
        neighbour = consumer
        for node in joining:
            if not self._db.move_before(node, neighbour):
                return None
            neighbour = node
        group = self._group_of(consumer)
        for node in joining:
            join_fusion_group(node, group, self._db)
        return group

    def _group_of(self, node: Node) -> Node:
        if node.kind == GROUP:
            return node
        self.has_formed = True
        return start_fusion_group(node, self._db)

    def give_back_small(self, block: Block) -> None:
        """Take groups apart that are not worth it, and pool the constants of the others."""
        for node in list(block.nodes()):
            for inner in node.blocks:
                self.give_back_small(inner)
            if node.kind != GROUP:
                continue
            inside = subgraph_of(node)
            if _size(inside.block) < self._choice.fewest and not _convolves(inside):
                give_back_group(node)
            else:
                pool_constants_inside(node)


def _size(block: Block) -> int:
    counted = [node for node in block.nodes() if node.kind not in _NOT_COUNTED]
    return len(counted) + sum(_size(inner) for node in counted for inner in node.blocks)


def _convolves(graph: Graph) -> bool:
    return any(node.kind == "aten::conv2d" for node in graph.nodes())


@rule
def start_fusion_group(node: Node, db: AliasDb) -> Node:
    """f(x) -> TensorExprGroup(x), which computes f(x); gives that"""
    with start_fusion_group.step(
        node.graph,
        lambda: f"{spoken(node)} is computed on tensors of known shapes, and may be fused with others",
        (node,),
    ):
        return group_alone(GROUP, node, db)


@rule
def join_fusion_group(node: Node, group: Node, db: AliasDb) -> None:
    """f(x), TensorExprGroup(y) -> TensorExprGroup(x, y), which computes f(x) too"""
    with join_fusion_group.step(
        node.graph,
        lambda: f"{spoken(node)} can be computed in the group that stands behind it",
        (node, group),
    ):
        merge_with_aliases(node, group, db)


@rule
def give_back_group(group: Node) -> None:
    """TensorExprGroup(x) -> the nodes of its graph"""
    with give_back_group.step(
        group.graph,
        lambda: f"a group of {count(_size(subgraph_of(group).block), 'operator')} is not worth a kernel",
        (group,),
    ):
        take_apart(group)
