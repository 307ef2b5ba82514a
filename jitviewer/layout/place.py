"""Chooses the layout for one container: `dot` where it is quick, layers of our own above that."""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.layout.boxes import Box, Link, Placement
from jitviewer.layout.layers import place_in_layers

__all__ = ["Box", "Link", "Placement", "place"]

DOT_LIMIT = 1500
"""Boxes or links above which `dot` takes seconds (0.4 s at 1,000 nodes, 6.7 s at 3,000)."""


def place(boxes: Sequence[Box], links: Sequence[Link]) -> Placement:
    """Positions for one container. Deterministic: the same input gives the same output."""
    if len(boxes) > DOT_LIMIT or len(links) > 2 * DOT_LIMIT:
        return place_in_layers(boxes, links)
    # Graphviz takes a while to load; a container that is never laid out by it never pays.
    from jitviewer.layout.dot import place_with_dot

    return place_with_dot(boxes, links)
