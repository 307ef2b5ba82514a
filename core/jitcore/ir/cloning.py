"""Copies of nodes and blocks, within a graph and from one graph into another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.ir.node import Node
from jitcore.ir.value import Value

if TYPE_CHECKING:
    from jitcore.ir.block import Block
    from jitcore.ir.graph import Graph


class Cloner:
    """Makes copies in `graph`.

    `values` maps what was copied so far to the copies; `outside` gives the counterparts of values that
    are not in it. With `keep_ids` the copies of nodes keep their numbers. A copy is free, so nothing of
    making it is recorded and its lists are filled directly.
    """

    __slots__ = ("_graph", "_keep_ids", "_outside", "values")

    def __init__(
        self,
        graph: Graph,
        outside: Callable[[Value], Value],
        keep_ids: bool = False,
        values: dict[Value, Value] | None = None,
    ) -> None:
        self._graph = graph
        self._outside = outside
        self._keep_ids = keep_ids
        self.values: dict[Value, Value] = {} if values is None else values

    def node(self, node: Node, copy_blocks: bool = True) -> Node:
        """A free copy of `node` that reads the counterparts of its inputs."""
        graph = self._graph
        values = self.values
        copy = Node(graph, node.kind)
        if self._keep_ids:
            copy.id = node.id
            copy.provenance = node.provenance
        outputs = node.outputs
        if outputs:
            self._copy_values(outputs, copy)
        copy.source_range = node.source_range
        copy.scope = node.scope
        copy.callstack = node.callstack
        if node.attributes:
            copy.attributes = dict(node.attributes)
            if "Subgraph" in copy.attributes:
                _copy_subgraph(copy)
        inputs = copy.inputs
        same_types = True
        for index, value in enumerate(node.inputs):
            mapped = values.get(value) or self._outside(value)
            inputs.append(mapped)
            mapped.use_map[(copy, index)] = None
            if mapped.type is not value.type:
                same_types = False
        if same_types:
            copy.cached_schema = node.cached_schema
        if copy_blocks and node.blocks:
            for block in node.blocks:
                self.fill(block, copy.add_block())
        return copy

    def fill(self, source: Block, target: Block) -> None:
        """Append copies of the parameters, nodes and results of `source` to `target`."""
        values = self.values
        if self._keep_ids:
            target.param_node.id = source.param_node.id
            target.return_node.id = source.return_node.id
        in_one_graph = source.graph is self._graph
        end = source.return_node
        node = source.param_node.next
        if target.param_node.recording() is not None:
            for value in source.inputs:
                values[value] = target.add_input().copy_metadata(value)
            while node is not None and node is not end:
                target.append(self.node(node))
                if in_one_graph:
                    self._name_again(node)
                node = node.next
        else:
            if source.inputs:
                self._copy_values(source.inputs, target.param_node)
            last = target.return_node
            while node is not None and node is not end:
                previous = last.prev
                assert previous is not None
                self.node(node).link_after(previous)
                if in_one_graph:
                    self._name_again(node)
                node = node.next
        for value in source.outputs:
            target.register_output(values.get(value) or self._outside(value))

    def _name_again(self, node: Node) -> None:
        """Name the copies a second time because TorchScript does: in one graph it moves the suffixes."""
        for old in node.outputs:
            self.values[old].copy_metadata(old)

    def _copy_values(self, source: list[Value], owner: Node) -> None:
        """Append values like those of `source` to the outputs of `owner`, of which nothing is recorded."""
        graph = self._graph
        names = graph.names
        values = self.values
        outputs = owner.outputs
        for old in source:
            number = graph.next_unique
            graph.next_unique = number + 1
            value = values[old] = Value(owner, len(outputs), number, old.type)
            outputs.append(value)
            name = old.debug_name
            if name is not None:
                if name in names:
                    value.set_debug_name(name)
                else:
                    value.debug_name = name
                    names[name] = value


def _copy_subgraph(node: Node) -> None:
    """Give a copied node a graph of its own, its values numbered anew."""
    subgraph = node.attributes["Subgraph"]
    if isinstance(subgraph, type(node.graph)):
        node.attributes["Subgraph"] = subgraph.copy()
