"""Loops with both a trip count and a condition become `while` loops, which alone can be written as code."""

from __future__ import annotations

from jitcore.frontend.building import NOWHERE, constant_of
from jitcore.ir import Block, Node
from jitcore.ops.builtins import emit_builtin
from jitcore.ops.matching import NamedValue
from jitcore.types import INT

_MAX_INT = (1 << 63) - 1


def canonicalize_modified_loops(block: Block) -> None:
    """Rewrite all such loops, inner ones first."""
    for node in block.nodes():
        for inner in node.blocks:
            canonicalize_modified_loops(inner)
        if node.kind == "prim::Loop" and _is_modified(node):
            _canonicalize(node)


def _is_modified(node: Node) -> bool:
    """Whether the trip count limits the loop and its condition does, too."""
    trip_count, start = node.inputs[0], node.inputs[1]
    if constant_of(trip_count) == (True, _MAX_INT) and not node.blocks[0].inputs[0].has_uses():
        return False
    always_starts = constant_of(start) == (True, True)
    always_continues = constant_of(node.blocks[0].outputs[0]) == (True, True)
    return not (always_starts and always_continues)


def _canonicalize(node: Node) -> None:
    graph = node.graph
    body = node.blocks[0]
    with graph.inserting_before(node):
        zero = graph.insert_constant(0, INT)
        one = graph.insert_constant(1, INT)
        count = node.inputs[0]
        condition = emit_builtin(graph, NOWHERE, "aten::gt", (NamedValue(count), NamedValue(zero)))
        node.replace_input(0, graph.insert_constant(_MAX_INT, INT))
        start = node.inputs[1]
        if constant_of(start) != (True, True):
            condition = emit_builtin(
                graph, NOWHERE, "aten::__and__", (NamedValue(condition), NamedValue(start))
            )
        node.replace_input(1, condition)
        node.add_output(INT)
    with graph.inserting_at_end(body):
        node.add_input(zero)
        iteration = body.add_input("", INT)
        # The trip counter loses its name: what takes its place has none.
        trip = body.inputs[0]
        trip.set_debug_name("")
        trip.replace_all_uses_with(iteration)
        following = emit_builtin(graph, NOWHERE, "aten::add", (NamedValue(iteration), NamedValue(one)))
        body.register_output(following)
        below = emit_builtin(graph, NOWHERE, "aten::lt", (NamedValue(following), NamedValue(count)))
        proceed = emit_builtin(graph, None, "aten::__and__", (NamedValue(below), NamedValue(body.outputs[0])))
        body.return_node.replace_input(0, proceed)
