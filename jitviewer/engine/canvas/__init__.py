"""A graph as boxes in boxes: containers by module scope and block, laid out one level at a time."""

from jitviewer.engine.canvas.drawing import Canvas
from jitviewer.engine.canvas.highlighting import Asked, Highlight, highlight

__all__ = ["Asked", "Canvas", "Highlight", "highlight"]
