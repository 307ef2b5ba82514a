"""The graphs of shape functions, ready to be evaluated for a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ops.lookup import key_of_schema, schema_of
from jitcore.ops.shape_function_table import shape_functions
from jitcore.passes.constant_propagation import propagate_immutable_constants
from jitcore.passes.inline import inline_calls
from jitcore.passes.peephole import optimize_peepholes

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node
    from jitcore.passes.base import ShapeFunctions


class ShapeGraphs:
    """Graphs by the names of functions, each prepared once: inlined, and with a result for each tensor."""

    def __init__(self, compiled: ShapeFunctions) -> None:
        self._compiled = compiled
        self._graphs: dict[str, Graph] = {}

    def name_for(self, node: Node) -> str | None:
        """The function that tells the sizes of what a node gives, None where there is none."""
        schema = schema_of(node)
        if schema is None or len(schema.returns) != len(node.outputs):
            return None
        return shape_functions().get(key_of_schema(schema))

    def graph(self, name: str) -> Graph:
        """The graph of a function; do not edit it."""
        found = self._graphs.get(name)
        if found is None:
            found = self._graphs[name] = _prepared(self._compiled(name))
        return found


def _prepared(written: Graph) -> Graph:
    graph = written.copy()
    inline_calls(graph)
    for _ in range(2):
        optimize_peepholes(graph, shape_peepholes=False)
        propagate_immutable_constants(graph)
    result = graph.outputs[0]
    if result.node.kind == "prim::TupleConstruct":
        # Functions give one value, operators several.
        graph.block.erase_output(0)
        for part in result.node.inputs:
            graph.block.register_output(part)
    return graph
