"""Numbers the values of a graph anew, as TorchScript numbers those of a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.graph import Graph

if TYPE_CHECKING:
    from jitcore.ir.block import Block
    from jitcore.ir.value import Value


def values_in_order(graph: Graph) -> list[Value]:
    """The values in the order in which a copy of the graph makes them, without those of subgraphs."""
    found: list[Value] = []
    _collect(graph.block, found)
    return found


def renumber(graph: Graph) -> bool:
    """Number all values from 0 in order, those of subgraphs by themselves; says if any number changed."""
    changed = False
    for node in graph.all_nodes():
        subgraph = node.attributes.get("Subgraph")
        if isinstance(subgraph, Graph):
            changed |= _number_anew(subgraph, graph) | renumber(subgraph)
    return _number_anew(graph, graph) or changed


def _number_anew(graph: Graph, recorded: Graph) -> bool:
    """Number the values of one graph; `recorded` is the one whose journal notes it."""
    values = values_in_order(graph)
    old, next_old = [value.unique for value in values], graph.next_unique
    new, next_new = list(range(len(values))), len(values)
    if old == new:
        return False

    def put(numbers: list[int], following: int) -> None:
        for value, number in zip(values, numbers, strict=True):
            value.unique = number
        graph.next_unique = following

    put(new, next_new)
    recorded.block.param_node.record("numbers", lambda: put(old, next_old), lambda: put(new, next_new))
    return True


def _collect(block: Block, found: list[Value]) -> None:
    found.extend(block.inputs)
    for node in block.nodes():
        found.extend(node.outputs)
        for inner in node.blocks:
            _collect(inner, found)
