"""One graph that computes all sizes of a graph's tensors that are not known before it runs.

As SymbolicShapeGraphAnalyzer (torch/csrc/jit/passes/symbolic_shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph
from jitcore.passes.dead_code_elimination import eliminate_dead_code
from jitcore.passes.inserting import insert_call
from jitcore.passes.shapes.symbolic.shape_evaluation import tidy_shape_graph
from jitcore.source import JitError
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.passes.shapes.symbolic.symbolic_shapes import SymbolicShapes

_MOST_ROUNDS: Final = 8


class SizeComputation:
    """The graph `graph`, and what it takes and gives.

    `inputs` are values of the graph whose sizes are computed: of tensors it takes lists of their sizes,
    others as they are. `symbols` are those of its results, in order, each once. Raises `JitError` where a
    node is in the way.
    """

    def __init__(self, graph: Graph, shapes: SymbolicShapes) -> None:
        self.graph = Graph()
        self.inputs: list[Value] = []
        self.symbols: list[int] = []
        self._shapes = shapes
        self._lists: dict[Value, Value] = {}
        self._given: set[int] = set()
        for node in graph.nodes():
            if not _needs_no_sizes(node):
                self._join(node, self._evaluated(node))
        # Most lists have been read by now; merging them would take longer the more nodes they stand for.
        eliminate_dead_code(self.graph.block)
        for _ in range(_MOST_ROUNDS):
            if not tidy_shape_graph(self.graph):
                break
        self._drop_equal_results()
        self._drop_unread_inputs()

    def _evaluated(self, node: Node) -> Graph:
        found = self._shapes.evaluated.get(node)
        if found is None:
            raise JitError(f"what {node.kind} gives has sizes that no function tells")
        for value in node.outputs:
            if not isinstance(value.type, TensorType) or self._shapes.symbols.sizes_of(value) is None:
                raise JitError(f"of %{value.name} not even the number of dimensions is known")
        return found

    def _join(self, node: Node, evaluated: Graph) -> None:
        """Put in what computes the sizes that a node gives."""
        if node.kind == "aten::cat":
            given = [*node.inputs[0].node.inputs, node.inputs[1]]
        else:
            given = node.inputs[: len(evaluated.inputs)]
        if len(given) != len(evaluated.inputs):
            raise JitError(f"{node.kind} takes a list that is not built in the graph")
        arguments: list[Value] = []
        for value, declared in zip(given, evaluated.inputs, strict=True):
            if value not in self._lists:
                self._lists[value] = self.graph.add_input(type=declared.type).copy_metadata(declared)
                self.inputs.append(value)
            arguments.append(self._lists[value])
            self._give_sizes_of_input(value)
        results, _ = self.graph.insert_graph(evaluated, arguments)
        for value, result in zip(node.outputs, results, strict=True):
            self._lists[value] = result
            for place, size in enumerate(self._shapes.symbols.sizes_of(value) or ()):
                if size < 0 and size not in self._given:
                    if result.node.is_constant:
                        raise JitError(f"{node.kind} gives a size below zero")
                    self._give(result.node.inputs[place], size)

    def _give_sizes_of_input(self, value: Value) -> None:
        if not isinstance(value.type, TensorType):
            return
        for place, size in enumerate(self._shapes.symbols.sizes_of(value) or ()):
            if size < 0 and size not in self._given:
                self._give(insert_call(self.graph, "aten::__getitem__", [self._lists[value], place]), size)

    def _give(self, value: Value, symbol: int) -> None:
        self.graph.block.register_output(value)
        self.symbols.append(symbol)
        self._given.add(symbol)

    def _drop_equal_results(self) -> None:
        first: dict[Value, int] = {}
        for place, value in enumerate(self.graph.outputs):
            first.setdefault(value, place)
        for place in reversed(range(len(self.symbols))):
            if first[self.graph.outputs[place]] != place:
                self.graph.block.erase_output(place)
                del self.symbols[place]

    def _drop_unread_inputs(self) -> None:
        for place in reversed(range(len(self.graph.inputs))):
            if not self.graph.inputs[place].has_uses():
                self.graph.block.erase_input(place)
                del self.inputs[place]


def _needs_no_sizes(node: Node) -> bool:
    if node.kind != "prim::ListConstruct":
        return node.is_constant
    if any(user.kind != "aten::cat" for user, _ in node.output.uses):
        raise JitError(f"%{node.output.name} is a list that others than aten::cat take")
    return True
