"""Batches products of matrices: sums of many become one, and so do many that have a factor in common.

%1 = aten::mm(%a, %b), ... four of them
%7 = aten::add(aten::add(%1, %2), aten::add(%3, %4))    ->    %7 = prim::MMTreeReduce(%a, ..., %b, ...)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.ops.lookup import matches
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.inserting import insert_call
from jitcore.passes.peephole import optimize_peepholes
from jitcore.passes.rules import names, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_FEWEST_IN_A_SUM: Final = 4
_FEWEST_OF_A_FACTOR: Final = 8


class BatchMm(Pass):
    """Compute sums of four products or more at once, and eight products or more with a factor in common.

    mm(a, b) + mm(c, d) + mm(e, f) + mm(g, h)    ->    prim::MMTreeReduce(a, c, e, g, b, d, f, h)
    mm(a, b), mm(a, c), ... eight times          ->    prim::MMBatchSide[side=0](a, b, c, ...)

    What is written to anywhere is left alone, as in libtorch (torch/csrc/jit/passes/batch_mm.cpp).
    """

    name: ClassVar[str] = "batch-mm"
    counterpart: ClassVar[str] = "_jit_pass_batch_mm"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Batch the products of all blocks, then drop what became dead, and what peephole rules undo."""
        return batch_products(graph)


def batch_products(graph: Graph) -> bool:
    """Batch the products of all blocks; says whether anything changed."""
    if not any(_is_product(node) for node in graph.all_nodes()):
        return False
    db = AliasDb(graph)
    changed = _reduce_sums(graph.block, db)
    changed |= _batch_factors(graph.block, db)
    changed |= eliminate_dead_code_with_aliases(graph)
    return optimize_peepholes(graph, shape_peepholes=False) or changed


def _is_product(node: Node) -> bool:
    return matches(node, "aten::mm")


class _Tree:
    """A sum of products, or a product, that ends in `node`.

    `size` counts products; it `is_root` until it is part of a larger one.
    """

    __slots__ = ("is_root", "node", "size")

    def __init__(self, node: Node, size: int) -> None:
        self.node = node
        self.size = size
        self.is_root = True


def _reduce_sums(block: Block, db: AliasDb) -> bool:
    changed = False
    trees: dict[Node, _Tree] = {}
    for node in block.nodes():
        if _is_product(node) and not db.has_writers(node):
            trees[node] = _Tree(node, 1)
        elif matches(node, "aten::t") and not db.has_writers(node):
            product = trees.get(node.inputs[0].node)
            if product is not None and _is_product(product.node):
                trees[node] = _Tree(node, 1)
                product.is_root = False
        elif matches(node, "aten::add.Tensor") and not db.has_writers(node):
            _join(node, trees)
        else:
            for inner in node.blocks:
                changed |= _reduce_sums(inner, db)
    for tree in trees.values():
        if tree.is_root and tree.size >= _FEWEST_IN_A_SUM:
            reduce_sum(tree.node)
            changed = True
    return changed


def _join(node: Node, trees: dict[Node, _Tree]) -> None:
    """Note that `node` adds two trees which nobody else reads."""
    left, right = (trees.get(value.node) for value in node.inputs[:2])
    if left is None or right is None or left is right or not (left.is_root and right.is_root):
        return
    if any(value.use_count != 1 for value in node.inputs[:2]):
        return
    trees[node] = _Tree(node, left.size + right.size)
    left.is_root = right.is_root = False


@rule
def reduce_sum(node: Node) -> None:
    """mm(a, b) + mm(c, d) + ... -> MMTreeReduce(a, c, ..., b, d, ...)"""
    graph = node.graph
    with reduce_sum.step(
        graph, lambda: f"%{node.output.name} is a sum of products that nobody reads by themselves", (node,)
    ):
        products = _products_below(node)
        with graph.inserting_before(node):
            new = graph.insert(graph.create("prim::MMTreeReduce"))
        for index in (0, 1):
            for product in products:
                new.add_input(product.inputs[index])
        new.set_provenance(made_from(node, *products))
        node.output.replace_all_uses_with(new.output)


def _products_below(root: Node) -> list[Node]:
    """The products of a sum, the last first; transposed ones become products of transposed factors."""
    products: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if _is_product(node):
            products.append(node)
        elif matches(node, "aten::t"):
            products.append(_transposed_factors(node))
        else:
            waiting += [value.node for value in node.inputs[:2]]
    return products


def _transposed_factors(node: Node) -> Node:
    """The product of the transposed factors, in the place of a transposed product."""
    graph = node.graph
    product = node.inputs[0].node
    with graph.inserting_before(product):
        first = insert_call(graph, "aten::t", [product.inputs[0]], product)
        second = insert_call(graph, "aten::t", [product.inputs[1]], product)
        swapped = insert_call(graph, "aten::mm", [second, first], product, node)
    node.output.replace_all_uses_with(swapped)
    return swapped.node


def _batch_factors(block: Block, db: AliasDb) -> bool:
    changed = False
    considered: set[Value] = set()
    for node in block.nodes():
        if not _is_product(node):
            for inner in node.blocks:
                changed |= _batch_factors(inner, db)
            continue
        for value in node.inputs:
            if value in considered:
                continue
            considered.add(value)
            # Both before either is rewritten: products that are gone still read the value.
            sides = [_independent_products(value, side, db) for side in (0, 1)]
            for side, products in enumerate(sides):
                if len(products) >= _FEWEST_OF_A_FACTOR:
                    batch_side(products, side, db)
                    changed = True
    return changed


def _independent_products(value: Value, side: int, db: AliasDb) -> list[Node]:
    """Products of the value's block that have it on one side alone, none of which needs another of them."""
    found = [
        user
        for user, index in value.uses
        if user.block is value.node.block
        and index == side
        and _is_product(user)
        and user.inputs[1 - side] is not value
        and not db.has_writers(user)
    ]
    found.sort(key=lambda node: node.position)
    kept: list[Node] = []
    for node in found:
        if all(db.move_before(node, earlier, dry_run=True) for earlier in kept):
            kept.append(node)
    return kept


@rule
def batch_side(products: list[Node], side: int, db: AliasDb) -> None:
    """mm(a, b), mm(a, c), ... -> MMBatchSide[side=0](a, b, c, ...)"""
    graph = products[0].graph
    common = products[0].inputs[side]
    with batch_side.step(
        graph,
        lambda: f"{names(node.output for node in products)} are products with %{common.name}",
        products,
    ):
        for earlier, later in zip(reversed(products[:-1]), reversed(products[1:]), strict=True):
            if not db.move_before(earlier, later):
                raise ValueError("products that do not need each other cannot be moved together")
        with graph.inserting_before(products[0]):
            new = graph.insert(graph.create("prim::MMBatchSide", (), len(products)))
        new.set_attribute("side", side)
        new.add_input(common)
        for product, output in zip(products, new.outputs, strict=True):
            new.add_input(product.inputs[1 - side])
            product.output.replace_all_uses_with(output)
        new.set_provenance(made_from(*products))
