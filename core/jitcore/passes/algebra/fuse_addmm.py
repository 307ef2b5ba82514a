"""Fuses a product of matrices and what is added to it.

%1 : Tensor = aten::mm(%x, %y)
%2 : Tensor = aten::add(%1, %z, %one)    ->    %2 : Tensor = aten::addmm(%z, %x, %y, %one, %one)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_number, insert_constant
from jitcore.passes.rules import rule
from jitcore.types import INT, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class FuseAddmm(Pass):
    """Let one operator multiply matrices and add.

    aten::add(aten::mm(%x, %y), %z, 1)    ->    aten::addmm(%z, %x, %y, 1, 1)

    The rank of what is added and the dtype of a factor have to be known: `aten::addmm` takes no number where
    `aten::add` does, and no other dtype. The product goes with `dce`, if nobody else reads it.
    """

    name: ClassVar[str] = "fuse-addmm"
    counterpart: ClassVar[str] = "_jit_pass_fuse_addmm"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Fuse in all blocks."""
        return _fuse_in(graph.block)


def _fuse_in(block: Block) -> bool:
    changed = False
    for node in block.nodes():
        if matches(node, "aten::add.Tensor") and constant_number(node.inputs[2]) == 1.0:
            for side in (0, 1):
                changed |= _fuse(node, side)
        for inner in node.blocks:
            changed |= _fuse_in(inner)
    return changed


def _fuse(node: Node, side: int) -> bool:
    """Fuse `node` with the product that its input number `side` is, if that can be."""
    product, added = node.inputs[side].node, node.inputs[1 - side]
    added_type = added.type
    if not isinstance(added_type, TensorType) or added_type.sizes is None:
        return False
    if not matches(product, "aten::mm"):
        return False
    like = next((value for value in product.inputs if _dtype(value) is not None), None)
    if like is None:
        return False
    fuse_product_and_sum(node, product, added, like)
    return True


def _dtype(value: Value) -> str | None:
    return value.type.dtype if isinstance(value.type, TensorType) else None


@rule
def fuse_product_and_sum(node: Node, product: Node, added: Value, like: Value) -> None:
    """aten::add(aten::mm(x, y), z, 1) -> aten::addmm(z, x, y, 1, 1)"""
    graph = node.graph
    first, second = product.inputs
    with (
        fuse_product_and_sum.step(
            graph,
            lambda: (
                f"%{node.output.name} is %{added.name} and the product of %{first.name} and %{second.name}"
            ),
            (node, product),
        ),
        graph.inserting_before(node),
    ):
        matrix = _of_the_same_dtype(node, added, like)
        one = insert_constant(graph, 1, INT, node)
        fused = graph.insert(graph.create("aten::addmm"))
        for value in (matrix, first, second, one, one):
            fused.add_input(value)
        fused.provenance = made_from(node, product)
        fused.output.copy_metadata(node.output)
        node.output.replace_all_uses_with(fused.output)


def _of_the_same_dtype(node: Node, added: Value, like: Value) -> Value:
    """What is added, as a tensor of the dtype of `like` where it may be a number of another."""
    kind = added.type
    dtype = _dtype(like)
    if not isinstance(kind, TensorType) or kind.sizes != () or kind.dtype == dtype:
        return added
    cast = node.graph.insert(node.graph.create("aten::type_as"))
    cast.add_input(added)
    cast.add_input(like)
    cast.provenance = made_from(node)
    if kind.dtype is not None and kind.device is not None and kind.strides is not None:
        cast.output.set_type(TensorType(dtype, (), (), kind.requires_grad, kind.device))
    return cast.output
