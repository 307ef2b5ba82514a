"""Rules that move nodes into the graph of a node, and take that graph apart again.

As libtorch's torch/csrc/jit/passes/utils/subgraph_utils.cpp.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from jitcore.ir import Graph
from jitcore.passes.constants import NOT_CONSTANT, constant_of
from jitcore.passes.inserting import mark_origin
from jitcore.passes.rules import count, rule

if TYPE_CHECKING:
    from collections.abc import Generator

    from jitcore.ir import Node, Value


def subgraph_of(node: Node) -> Graph:
    """The graph that the node runs."""
    found = node.attributes.get("Subgraph")
    if not isinstance(found, Graph):
        raise TypeError(f"{node.kind} has no graph of its own")
    return found


@contextmanager
def recording_inside(graph: Graph, subgraph: Graph) -> Generator[None]:
    """Edits of `subgraph` are recorded where those of `graph` are."""
    own, subgraph.journal = subgraph.journal, graph.journal
    try:
        yield
    finally:
        subgraph.journal = own


def merge_into(node: Node, group: Node) -> None:
    """Move `node` into the graph of `group`: to its beginning if it stands before `group`, else to its end.

    Part of a rewrite of whoever calls. A node that runs a graph itself is taken apart first.
    """
    if "Subgraph" in node.attributes:
        _merge_graph_into(node, group)
        return
    subgraph = subgraph_of(group)
    with recording_inside(node.graph, subgraph):
        _Merger(node, group, subgraph).merge()


def _merge_graph_into(node: Node, group: Node) -> None:
    before, behind = node.prev, node.next
    is_after = node.is_after(group)
    take_apart(node)
    assert before is not None
    assert behind is not None
    inside = before.next if is_after else behind.prev
    end = behind if is_after else before
    while inside is not None and inside is not end:
        following = inside.next if is_after else inside.prev
        merge_into(inside, group)
        inside = following


def take_apart(node: Node) -> None:
    """Put the nodes of the graph that `node` runs in its place. Part of a rewrite of whoever calls."""
    graph = node.graph
    with graph.inserting_before(node):
        before = graph.insert_point.prev
        results, _ = graph.insert_graph(subgraph_of(node), list(node.inputs))
        mark_origin(graph, before, node)
    for output, result in zip(node.outputs, results, strict=False):
        output.replace_all_uses_with(result)
    node.destroy()


@rule
def inline_functional_graph(node: Node) -> None:
    """FunctionalGraph(x) -> the nodes of its graph"""
    with inline_functional_graph.step(
        node.graph,
        lambda: (
            f"the {count(sum(1 for _ in subgraph_of(node).nodes()), 'node')} of the graph stand here again"
        ),
        (node,),
    ):
        take_apart(node)


class _Merger:
    """`inner` are the values of the subgraph that stand for values outside."""

    def __init__(self, node: Node, group: Node, subgraph: Graph) -> None:
        self._node = node
        self._group = group
        self._subgraph = subgraph
        self._is_after = node.is_after(group)
        self._place = subgraph.block.return_node if self._is_after else subgraph.block.param_node.next
        self._inner: dict[Value, Value] = dict(zip(group.inputs, subgraph.inputs, strict=True))
        self._inner.update(zip(group.outputs, subgraph.outputs, strict=True))

    def merge(self) -> None:
        assert self._place is not None
        with self._subgraph.inserting_before(self._place):
            for value in self._read_from_outside():
                if value not in self._inner:
                    self._inner[value] = self._brought_in(value)
            merged = self._subgraph.create_clone(self._node, self._inner.__getitem__, keep_ids=True)
            self._subgraph.insert(merged)
        if not self._is_after:
            self._drop_inputs(merged)
        self._give_results(merged)
        self._node.destroy()
        self._prune()

    def _read_from_outside(self) -> list[Value]:
        """What the node and its blocks read and do not make themselves, the inputs of the node first."""
        found = dict.fromkeys(self._node.inputs)
        made: set[Value] = set(self._inner)
        _collect(self._node, found, made)
        return list(found)

    def _brought_in(self, value: Value) -> Value:
        graph = self._node.graph
        constant = constant_of(value)
        if constant is not NOT_CONSTANT:
            inner = self._subgraph.create_constant(constant, value.type)
            # Of the numbers of the graph around, where the journal tells of it.
            inner.id = graph.next_node_id
            graph.next_node_id += 1
            return self._subgraph.insert(inner).output.copy_metadata(value)
        self._group.add_input(value)
        return self._subgraph.add_input().copy_metadata(value)

    def _drop_inputs(self, merged: Node) -> None:
        """What the node gave to the group comes from inside now."""
        for output, inner in zip(self._node.outputs, merged.outputs, strict=True):
            if output in self._group.inputs:
                place = self._group.inputs.index(output)
                self._group.remove_input(place)
                self._subgraph.inputs[place].replace_all_uses_with(inner)
                self._subgraph.block.erase_input(place)

    def _give_results(self, merged: Node) -> None:
        for output, inner in zip(self._node.outputs, merged.outputs, strict=True):
            self._subgraph.register_output(inner)
            given = self._group.add_output().copy_metadata(output)
            output.replace_all_uses_with(given)

    def _prune(self) -> None:
        """Drop results that nobody behind the group reads."""
        for index in range(len(self._group.outputs) - 1, -1, -1):
            if not any(self._group.is_before(user) for user, _ in self._group.outputs[index].use_map):
                self._group.erase_output(index)
                self._subgraph.block.erase_output(index)


def _collect(node: Node, found: dict[Value, None], made: set[Value]) -> None:
    for value in node.inputs:
        if value not in made:
            found.setdefault(value)
    for block in node.blocks:
        made.update(block.inputs)
        for inner in block.nodes():
            _collect(inner, found, made)
        for value in block.outputs:
            if value not in made:
                found.setdefault(value)
    made.update(node.outputs)
