"""Chooses the layout for one container: `dot` where it is quick, layouts of our own elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.layout.boxes import Box, Link, Placement
from jitviewer.layout.column import chain_links, place_in_column
from jitviewer.layout.layers import layers_of, place_in_layers

DOT_LIMIT = 1500
"""Places that `dot` has to put in order, above which it takes more than about a second.

It puts one place into every layer that a link crosses, so a hundred boxes that all read the first one
cost it more (9 s) than three thousand in a row.
"""

LINK_LIMIT = 3_000
"""Links above which `dot` takes more than about a second however few layers they cross: untangling them costs
their square."""


def place(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Positions for one container. Deterministic: the same input gives the same output."""
    if not boxes:
        return Placement({}, {}, 0.0, 0.0)
    in_order = chain_links(boxes, links)
    if in_order is not None:
        return place_in_column(boxes, in_order)
    if max(len(boxes), _places(boxes, links)) > DOT_LIMIT or len(links) > LINK_LIMIT:
        return place_in_layers(boxes, links)
    # Graphviz takes a while to load; a container that is never laid out by it never pays.
    from jitviewer.layout.dot import PRECISE_UP_TO, place_with_dot

    placement = place_with_dot(boxes, links)
    if max(placement.width, placement.height) > PRECISE_UP_TO:
        return place_in_layers(boxes, links)
    return placement


def _places(boxes: Sequence[Box], links: Sequence[Link]) -> int:
    layer = {box_id: index for index, ids in enumerate(layers_of(boxes, links)) for box_id in ids}
    crossed = sum(max(0, abs(layer[link.target] - layer[link.source]) - 1) for link in links)
    return len(boxes) + crossed
