"""Boxes and links to positions, one container at a time."""

from jitviewer.layout.boxes import Box, Link, Placement
from jitviewer.layout.place import place
from jitviewer.layout.side_by_side import place_side_by_side

__all__ = ["Box", "Link", "Placement", "place", "place_side_by_side"]
