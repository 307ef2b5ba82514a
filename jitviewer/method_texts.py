"""Texts of a method for a terminal: `.code`, `.graph`, and the graph as JSON, rewritten if asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.ir import Block, Function, Graph, Node, ScriptObject, Value
    from jitcore.passes import Evaluator


def code_of(
    function: Function, passes: Sequence[str], evaluate: Evaluator | None, module: ScriptObject | None
) -> str:
    """`.code` as it is, or of the graph after `passes`; `module` is whose method it is, if it is one."""
    if not passes:
        from jitcore.printing import code_text

        return code_text(function)
    from jitcore.passes import PassContext, run_pipeline
    from jitcore.printing import code_of_graph

    graph = function.graph.copy()
    run_pipeline(graph, passes, PassContext(evaluate, module))
    return code_of_graph(graph, function.name, function.owner, function.schema).text


def graph_of(
    function: Function,
    passes: Sequence[str],
    evaluate: Evaluator | None,
    module: ScriptObject | None,
    inlined: bool = False,
    locations: bool = True,
    as_json: bool = False,
) -> str:
    """`.graph`, inlined first if asked, after `passes`; as JSON if asked.

    `module` is the one whose method it is, if it is one.
    """
    graph = function.graph
    if inlined:
        from jitcore.passes.inline import inlined_graph

        graph = inlined_graph(function)
    if passes:
        from jitcore.passes import PassContext, run_pipeline

        if not inlined:
            graph = graph.copy()
        run_pipeline(graph, passes, PassContext(evaluate, module))
    if as_json:
        return json.dumps(_graph_json(graph), indent=1)
    from jitcore.printing import graph_text

    return graph_text(graph, locations=locations)


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
