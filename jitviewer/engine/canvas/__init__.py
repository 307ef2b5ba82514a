"""A graph as boxes in boxes: containers by module scope and block, laid out one level at a time."""

from jitviewer.engine.canvas.drawing import Canvas

__all__ = ["Canvas"]
