"""The types that values had in the last run of the shown graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jitcore.ir import Graph, Value
from jitviewer.protocol.rows import NodeTime


class ObservedTypes:
    """Observed types such as `Float(1, 64, 112, 112)`, by the node that gives a value.

    `by_node` maps a node's id to the types of its outputs; `inputs` are those of the graph's inputs.
    Values of nodes that did not run have none.
    """

    __slots__ = ("by_node", "inputs")

    def __init__(self, times: Sequence[NodeTime] = (), inputs: Sequence[str] = ()) -> None:
        self.by_node: dict[int, list[str]] = {row.node_id: row.types for row in times if row.types}
        self.inputs = list(inputs)

    def __bool__(self) -> bool:
        """Whether anything was observed."""
        return bool(self.by_node or self.inputs)

    def type_of(self, value: Value) -> str:
        """The observed type of a value, "" if there is none."""
        node = value.node
        if node.kind == "prim::Param":
            # Inputs of nested blocks are not told of by a run.
            is_graph_input = node.block is not None and node.block.owner is None
            types = self.inputs if is_graph_input else []
        else:
            types = self.by_node.get(node.id, [])
        return types[value.offset] if value.offset < len(types) else ""

    def by_name(self, graph: Graph) -> dict[str, str]:
        """Observed types of all values of a graph that have one, by the value's name without `%`."""
        found: dict[str, str] = {}
        for value in values_of(graph):
            type_ = self.type_of(value)
            if type_:
                found[value.name] = type_
        return found


def values_of(graph: Graph) -> Iterator[Value]:
    """The inputs of a graph, then the outputs of its nodes in order, and the inputs of their blocks."""
    yield from graph.inputs
    for node in graph.all_nodes():
        for block in node.blocks:
            yield from block.inputs
        yield from node.outputs
