"""Print `.graph` of a method, inlined and rewritten if asked."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    check_passes,
    chosen_function,
    print_text,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `graph`."""
    add_function_arguments(parser)
    parser.add_argument("--inlined", action="store_true", help="inline every call first")
    add_passes_argument(parser)
    parser.add_argument("--no-locations", action="store_true", help="leave out the source comments")
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Print the graph."""
    from jitcore.printing import graph_text

    _, function = chosen_function(options)
    graph = function.graph
    if options.inlined:
        from jitcore.passes.inline import inlined_graph

        graph = inlined_graph(function)
    if options.passes:
        from jitcore.passes import PassContext, run_pipeline
        from jitviewer.commands.evaluating import evaluator

        check_passes(options.passes)
        if not options.inlined:
            graph = graph.copy()
        with evaluator() as evaluate:
            run_pipeline(graph, options.passes, PassContext(evaluate))
    if options.json:
        print_text(json.dumps(_graph_json(graph), indent=1))
    else:
        print_text(graph_text(graph, locations=not options.no_locations))
    return 0


def _graph_json(graph: Graph) -> dict[str, object]:
    return {"inputs": [_value_json(v) for v in graph.inputs], **_block_json(graph.block)}


def _block_json(block: Block) -> dict[str, object]:
    return {"nodes": [_node_json(node) for node in block.nodes()], "outputs": [v.name for v in block.outputs]}


def _value_json(value: Value) -> dict[str, str]:
    from jitcore.types import ir_text

    return {"name": value.name, "type": ir_text(value.type)}


def _node_json(node: Node) -> dict[str, object]:
    place = node.source_range.origin().file_line_col() if node.source_range is not None else None
    row: dict[str, object] = {
        "id": node.id,
        "kind": node.kind,
        "inputs": [v.name for v in node.inputs],
        "outputs": [_value_json(v) for v in node.outputs],
    }
    if node.attributes:
        row["attributes"] = {name: _attribute_json(value) for name, value in node.attributes.items()}
    if node.callstack is not None:
        row["module"] = ".".join(node.callstack.module_path())
    if place is not None:
        row["source"] = f"{place[0]}:{place[1]}:{place[2]}"
    if node.blocks:
        row["blocks"] = [
            {"inputs": [_value_json(v) for v in b.inputs], **_block_json(b)} for b in node.blocks
        ]
    return row


def _attribute_json(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return value
    if isinstance(value, list | tuple):
        return [_attribute_json(v) for v in value]
    return repr(value)
