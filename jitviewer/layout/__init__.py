"""Boxes and links to positions, one container at a time."""

from jitviewer.layout.place import Box, Link, Placement, place

__all__ = ["Box", "Link", "Placement", "place"]
