"""Sizes and layouts of the open containers of a canvas, from the innermost outwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jitcore.ir import Node, Value
from jitcore.types import ir_text
from jitviewer.engine.canvas.connections import ENTRY, EXIT, Connection, Connections
from jitviewer.engine.canvas.containers import Container
from jitviewer.engine.canvas.folding import is_module
from jitviewer.engine.canvas.layout_cache import LayoutCache
from jitviewer.engine.canvas.sizes import HEADER, INSET, PORT, TOGGLE, box_size, title_width
from jitviewer.layout import Box, Placement, place, place_side_by_side
from jitviewer.protocol.bounds import LABEL, cut

_TYPE_CHARS = 40


class Laid(NamedTuple):
    """An open container: its size, where its layout begins (`top`), and the open containers in it."""

    container: Container
    placement: Placement
    width: float
    height: float
    top: float
    inner: dict[str, Laid]
    links: list[Connection]


def input_words(value: Value) -> tuple[str, str]:
    """Label and detail of the box of an input of the graph."""
    return cut(f"%{value.name}", LABEL), ir_text(value.type)[:_TYPE_CHARS]


def lay_out(
    container: Container, connections: Connections, is_open: Callable[[Container], bool], cache: LayoutCache,
    known: dict[str, Laid],
) -> Laid:  # fmt: skip
    """Lay out a container and what is open in it. `known` are those in which nothing opened or closed since;
    what is laid out is added."""
    laid = known.get(container.id)
    if laid is None:
        laid = known[container.id] = _lay_out(container, connections, is_open, cache, known)
    return laid


def _lay_out(
    container: Container, connections: Connections, is_open: Callable[[Container], bool], cache: LayoutCache,
    known: dict[str, Laid],
) -> Laid:  # fmt: skip
    inner: dict[str, Laid] = {}
    links = connections.of(container)
    used = {end for link in links for end in (link.source, link.target)}
    boxes = _input_boxes(container, used)
    for child in container.children:
        if isinstance(child, Node):
            boxes.append(Box(f"n{child.id}", *box_size(*connections.tree.words_of(child))))
        elif is_open(child):
            laid = inner[child.id] = lay_out(child, connections, is_open, cache, known)
            boxes.append(Box(child.id, laid.width, laid.height))
        else:
            boxes.append(Box(child.id, *box_size(child.label, child.detail, TOGGLE)))
    if f"{container.id}:{EXIT}" in used:
        size = box_size("return", "") if container.kind == "root" else (PORT, PORT)
        boxes.append(Box(f"{container.id}:{EXIT}", *size, "last"))
    layout = place_side_by_side if container.kind == "control" else place
    placement = cache.place(layout, boxes, links)
    if container.kind == "root":
        top, title = INSET, 0.0
    else:
        # The header separates enough from a port, which is small; boxes keep their distance from it.
        top = HEADER + (0.0 if f"{container.id}:{ENTRY}" in used else INSET / 2)
        title = title_width(container.label, container.detail)
    width = max(placement.width + 2 * INSET, title)
    return Laid(container, placement, width, placement.height + top + INSET, top, inner, links)


def _input_boxes(container: Container, used: set[str]) -> list[Box]:
    if container.kind == "root" and container.block is not None:
        return [
            Box(f"in{value.offset}", *box_size(*input_words(value)), "first")
            for value in container.block.inputs
            if f"in{value.offset}" in used or not is_module(value)
        ]
    if f"{container.id}:{ENTRY}" in used:
        return [Box(f"{container.id}:{ENTRY}", PORT, PORT, "first")]
    return []
