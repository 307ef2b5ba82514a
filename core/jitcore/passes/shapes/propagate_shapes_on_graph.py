"""Tells sizes of all tensors from those of the graph's inputs, also where some of these are not known.

graph(%x : Tensor(*, 4), %w : Tensor(5, 4)):           graph(%x : Tensor(*, 4), %w : Tensor(5, 4)):
  %1 : NoneType = prim::Constant()               ->      %1 : NoneType = prim::Constant()
  %2 : Tensor = aten::linear(%x, %w, %1)                 %2 : Tensor(*, 5) = aten::linear(%x, %w, %1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.options import PassOption
from jitcore.passes.shapes.property_propagation import learn_types
from jitcore.passes.shapes.symbolic.given_sizes import give_sizes
from jitcore.passes.shapes.symbolic.symbolic_shapes import SymbolicShapes
from jitcore.types import TupleType, rebuilt, unify

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import Type


class PropagateShapesOnGraph(Pass):
    """Note sizes of tensors in their types, from those of the graph's inputs on, known or as symbols.

    %2 : Tensor = aten::linear(%x, %w), %x : Tensor(*, 4), %w : Tensor(5, 4)    ->    %2 : Tensor(*, 5)

    What an operator gives is computed by a function of the sizes that it is given, evaluated as far as these
    are known; equal symbols stay equal. Bodies of loops are not looked into, and dtypes are left as they
    are. As torch/csrc/jit/passes/symbolic_shape_analysis.cpp. Raises `JitError` where a list of tensors is
    not built in sight.
    """

    name: ClassVar[str] = "propagate-shapes-on-graph"
    counterpart: ClassVar[str] = "_jit_pass_propagate_shapes_on_graph"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption(
            "inputs",
            "",
            "types of the inputs, modules left out, such as Tensor(SS(-2), 3);Tensor(3, *), where SS(-2) is "
            "the same size wherever it stands",
        ),
    )

    def __init__(self, inputs: str = "") -> None:
        self._inputs = inputs

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks but those of loops."""
        shapes = SymbolicShapes(graph, context)
        changed = give_sizes(graph, self._inputs, shapes.symbols)
        return _Propagation(shapes).block(graph.block) or changed


class _Propagation:
    def __init__(self, shapes: SymbolicShapes) -> None:
        self._shapes = shapes

    def block(self, block: Block) -> bool:
        """Look at the nodes of a block in turn; says whether a type changed."""
        changed = False
        for node in block.nodes():
            if node.kind == "prim::If":
                for inner in node.blocks:
                    changed |= self.block(inner)
                changed |= self._branches(node)
            elif node.kind == "prim::TupleConstruct" and isinstance(node.output.type, TupleType):
                kind = rebuilt(node.output.type, tuple(value.type for value in node.inputs))
                changed |= _assign(node, node.output, kind)
            else:
                changed |= self._shapes.tell(node)
        return changed

    def _branches(self, node: Node) -> bool:
        changed = False
        first, second = (block.outputs for block in node.blocks)
        for one, other, output in zip(first, second, node.outputs, strict=True):
            kind = unify(one.type, other.type, default_to_union=True)
            if kind is not None:
                changed |= _assign(node, output, kind)
            self._shapes.merge(one, other, output)
        return changed


def _assign(node: Node, value: Value, kind: Type) -> bool:
    if value.type is kind or value.type == kind:
        return False
    learn_types(node, [(value, kind)])
    return True
