"""Sizes of boxes and the words in them."""

from __future__ import annotations

from collections.abc import Collection

from jitcore.ir import Node
from jitviewer.engine.canvas.folding import argument_text, attribute_path, constant_word, is_module
from jitviewer.protocol.bounds import LABEL, cut, joined

LABEL_CHAR = 7.3
DETAIL_CHAR = 6.6
PADDING = 26.0
TITLE_PADDING = 52.0
MIN_WIDTH = 84.0
MAX_WIDTH = 300.0
NODE_HEIGHT = 30.0
NODE_HEIGHT_WITH_DETAIL = 44.0
TOGGLE = 10.0
HEADER = 30.0
INSET = 14.0
PORT = 6.0
"""Pixels at zoom 1: the window draws labels at 12 px and details at 11 px, which fit these widths."""


def box_size(label: str, detail: str, room: float = 0.0) -> tuple[float, float]:
    """Width and height of a box for its two lines, and `room` beside them; the window elides what does not
    fit."""
    width = max(len(label) * LABEL_CHAR, len(detail) * DETAIL_CHAR) + PADDING + room
    return min(MAX_WIDTH, max(MIN_WIDTH, width)), NODE_HEIGHT_WITH_DETAIL if detail else NODE_HEIGHT


def title_width(label: str, detail: str) -> float:
    """Width that an open container needs for its header: toggle, label and detail side by side."""
    return min(MAX_WIDTH, len(label) * LABEL_CHAR + len(detail) * DETAIL_CHAR + TITLE_PADDING)


def node_words(node: Node, written: Collection[Node] = ()) -> tuple[str, str]:
    """Label and detail of a node: the operator, and what it reads that has no box; `written` ones have."""
    label, detail = _node_words(node, written)
    return cut(label, LABEL), cut(detail, LABEL)


def _node_words(node: Node, written: Collection[Node]) -> tuple[str, str]:
    if node.kind == "prim::CallMethod":
        method = str(node.attributes.get("name", ""))
        callee = node.inputs[0]
        path = attribute_path(callee) or f"%{callee.name}"
        type_name = str(callee.type).rpartition(".")[2]
        return path, type_name if method == "forward" else f"{type_name}.{method}"
    if node.kind == "prim::CallFunction":
        function = node.inputs[0].node.attributes.get("name", "function")
        return str(function), "function"
    label = node.kind
    if node.kind.startswith(("aten::", "prim::")):
        label = node.kind.partition("::")[2]
    if node.kind == "prim::Constant":
        return label, constant_word(node.output)
    words = (argument_text(v, written) for v in node.inputs if not is_module(v))
    detail = joined((word for word in words if word), LABEL)
    if "name" in node.attributes:
        detail = str(node.attributes["name"])
    return label, detail if len(detail) <= 44 else detail[:43] + "…"
