"""Forgets what is known of tensors: dtypes, shapes, strides, devices.

%1 : Float(2, 3) = aten::neg(%x)    ->    %1 : Tensor = aten::neg(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import names, rule
from jitcore.types import TENSOR
from jitcore.types.relations import unshaped

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node


class EraseShapeInformation(Pass):
    """Make every tensor just a tensor.

    %1 : Float(2, 3) = aten::neg(%x)    ->    %1 : Tensor = aten::neg(%x)

    For graphs that are to be run with inputs of other shapes than the ones they were traced with.
    """

    name: ClassVar[str] = "erase-shape-information"
    counterpart: ClassVar[str] = "_jit_pass_erase_shape_information"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Forget the shapes of all values; those inside of subgraphs stay, as in libtorch."""
        return _erase_in(graph.block)


def _erase_in(block: Block) -> bool:
    changed = forget_shapes(block.param_node)
    for node in block.nodes():
        # Most values are plain tensors, which is quickly seen.
        for value in node.outputs:
            if value.type is not TENSOR:
                changed |= forget_shapes(node)
                break
        for inner in node.blocks:
            changed |= _erase_in(inner)
    return changed


@rule
def forget_shapes(node: Node) -> bool:
    """x : Float(2, 3) -> x : Tensor"""
    plain = [(value, unshaped(value.type)) for value in node.outputs]
    known = [(value, bare) for value, bare in plain if bare is not value.type and bare != value.type]
    if not known:
        return False
    with forget_shapes.step(
        node.graph, lambda: f"{names(v for v, _ in known)} may be of any shape and dtype from now on", (node,)
    ):
        for value, bare in known:
            value.set_type(bare)
    return True
