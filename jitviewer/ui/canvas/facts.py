"""What the inspector says of things that only the canvas knows: frames and edges."""

from __future__ import annotations

from collections.abc import Mapping

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, Fact, NodeTime
from jitviewer.ui.canvas.costs import COSTS, TIME
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.walking import far_end
from jitviewer.ui.models.formatting import plural, time_text

_SLOWEST = 5


def frame_facts(item: CanvasItem, times: Mapping[int, NodeTime]) -> list[Fact]:
    """What a frame is, how many nodes it holds, which of them take longest."""
    facts = [Fact("Frame", "holds", plural(len(item.node_ids), "node"))]
    if item.detail:
        facts.insert(0, Fact("Frame", "is", item.detail))
    known = [times[node] for node in item.node_ids if node in times]
    if known:
        facts += [
            Fact("Frame", "took" if cost is TIME else cost.name, cost.text(sum(map(cost.own, known))))
            for cost in COSTS
            if cost is TIME or any(map(cost.own, known))
        ]
    known.sort(key=lambda time: -time.self_us)
    facts += [
        Fact("Longest inside", time_text(time.self_us), f"{time.kind} #{time.node_id}")
        for time in known[:_SLOWEST]
    ]
    return facts


def edge_facts(picture: Picture, edge: CanvasEdge, observed: Mapping[str, str]) -> list[Fact]:
    """The values of an edge with their types, and the boxes at its ends."""
    facts = [Fact("Value", edge.value, edge.type)]
    facts += [Fact("Value", name, "") for name in edge.more]
    facts += [
        Fact("In the last run", name, observed[name]) for name in (edge.value, *edge.more) if name in observed
    ]
    for name, forward in (("from", False), ("to", True)):
        end = far_end(picture, edge, forward=forward)
        if end is not None:
            facts.append(Fact("Edge", name, f"{end.label}  {end.detail}".strip()))
    return facts
