"""Tells sizes from those of the graph's inputs, and builds a graph that computes those that are not known.

graph(%x : Tensor(*, 4), %w : Tensor(5, 4)):           graph(%x : Tensor(*, 4), %w : Tensor(5, 4)):
  %1 : Tensor = aten::mm(%w, %x)                 ->      %1 : Tensor(5, 4) = aten::mm(%w, %x)
                                                         %2 : int[] = aten::size(%x)
                                                         %3 : int = prim::FunctionalGraph_0(%2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.options import PassOption
from jitcore.passes.rules import count, rule
from jitcore.passes.shapes.symbolic.given_sizes import give_sizes
from jitcore.passes.shapes.symbolic.size_computation import SizeComputation
from jitcore.passes.shapes.symbolic.symbolic_shapes import SymbolicShapes
from jitcore.source import JitError
from jitcore.types import INT, ListType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value

_SIZES: Final = ListType(INT)


class PropagateShapesOnGraphAndBuildCompute(Pass):
    """Note sizes of tensors in their types, and build the graph that computes those that are not known.

    %y : Tensor(*, 5)    ->    %n : int = prim::FunctionalGraph(aten::size(%x)), the first size of %y

    Nodes inside of ifs are left alone. The graph takes the sizes of inputs, and gives each size once that is
    not known before a run; a node in the way, of which no function tells the sizes, is told of. libtorch
    hands it to whoever asked; here `show_compute` puts it at the end, where nobody reads what it gives. As
    torch/csrc/jit/passes/symbolic_shape_analysis.cpp. Raises `JitError` where a list of tensors is not
    built in sight.
    """

    name: ClassVar[str] = "propagate-shapes-on-graph-and-build-compute"
    counterpart: ClassVar[str] = "_jit_pass_propagate_shapes_on_graph_and_build_compute"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("inputs", "", "types of the inputs, as those of propagate-shapes-on-graph"),
        PassOption("show_compute", False, "put the graph that computes sizes at the end, as a node"),
    )

    def __init__(self, inputs: str = "", show_compute: bool = False) -> None:
        self._inputs = inputs
        self._shows = show_compute

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through the nodes of the graph itself."""
        shapes = SymbolicShapes(graph, context)
        changed = give_sizes(graph, self._inputs, shapes.symbols)
        for node in graph.nodes():
            changed |= shapes.tell(node)
        try:
            computation = SizeComputation(graph, shapes)
        except JitError as error:
            context.note(f"there is no graph that computes all sizes: {error}")
            return changed
        if not self._shows or not computation.symbols:
            return changed
        show_computation(graph, computation)
        return True


@rule
def show_computation(graph: Graph, computation: SizeComputation) -> None:
    """%y : Tensor(*, 5) -> %n = FunctionalGraph(size(%x)), the first size of %y"""
    with (
        show_computation.step(
            graph,
            lambda: f"{count(len(computation.symbols), 'size')} of tensors can only be computed in a run",
        ),
        graph.inserting_at_end(graph.block),
    ):
        given = [_sizes_of(value) for value in computation.inputs]
        node = graph.create("prim::FunctionalGraph", given, len(computation.symbols))
        node.attributes["Subgraph"] = computation.graph
        for output in node.outputs:
            output.set_type(INT)
        graph.insert(node)


def _sizes_of(value: Value) -> Value:
    if not isinstance(value.type, TensorType):
        return value
    graph = value.graph
    node = graph.create("aten::size", [value])
    node.set_provenance(made_from(value.node))
    graph.insert(node)
    return node.output.set_type(_SIZES)
