"""Graphs as plain values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.types import ir_text

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


def graph_json(graph: Graph) -> dict[str, object]:
    """Inputs, nodes and outputs; each node with its kind, values, attributes, module, source and blocks."""
    return {"inputs": [_value_json(v) for v in graph.inputs], **_block_json(graph.block)}


def _block_json(block: Block) -> dict[str, object]:
    return {"nodes": [_node_json(node) for node in block.nodes()], "outputs": [v.name for v in block.outputs]}


def _value_json(value: Value) -> dict[str, str]:
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
