"""The canvas as JSON: boxes and edges with their places, values, types and times."""

from __future__ import annotations

import json
from collections.abc import Mapping

from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.canvas.picture import Picture

FORMAT = "jitviewer-canvas-1"
"""Changes when the meaning of a field does."""


def json_text(
    picture: Picture, observed: Mapping[str, str], times: Mapping[int, NodeTime], title: str
) -> str:
    """One object; places are pixels at zoom 1, x to the right and y down, times microseconds of a run."""
    boxes: list[dict[str, object]] = []
    for item in picture.items:
        row: dict[str, object] = {
            "id": item.id, "parent": item.parent, "kind": item.kind, "label": item.label,
            "detail": item.detail, "x": item.x, "y": item.y, "width": item.width, "height": item.height,
            "nodes": item.node_ids, "category": item.category,
        }  # fmt: skip
        if item.is_open is not None:
            row["open"] = item.is_open
        if item.mark:
            row["mark"] = item.mark
        known = [times[node] for node in item.node_ids[:1] if node in times]
        if known and item.kind == "node":
            time = known[0]
            row["time_us"] = time.total_us
            # What was not counted is left out.
            counts = {"flops": time.flops, "moved_bytes": time.moved, "allocated_bytes": time.allocated}
            row.update((name, count) for name, count in counts.items() if count >= 0)
        boxes.append(row)
    edges: list[dict[str, object]] = []
    for edge in picture.edges:
        row = {
            "id": edge.id, "source": edge.source, "target": edge.target,
            "values": [edge.value, *edge.more], "type": edge.type, "points": edge.points,
        }  # fmt: skip
        if edge.value in observed:
            row["observed"] = observed[edge.value]
        edges.append(row)
    width, height = picture.bounds.width(), picture.bounds.height()
    whole = {"format": FORMAT, "title": title, "width": width, "height": height}
    return json.dumps({**whole, "boxes": boxes, "edges": edges}, indent=1) + "\n"
