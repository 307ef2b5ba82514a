"""Where chosen edges run, found out a few edges at a time: a hub has tens of thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from jitviewer.protocol.rows import CanvasEdge
from jitviewer.ui.canvas.edge_courses import EdgeCourses, bounds_of
from jitviewer.ui.canvas.far_tiles import Tiles
from jitviewer.ui.services.turns import Turns

PART = 400
"""Edges that are looked at between two turns of the event loop."""


class GrowingCourses:
    """Attributes: `courses` and `far_tiles` of the edges, `is_done`. `done` is called once all are there."""

    def __init__(self, edges: Iterable[CanvasEdge], done: Callable[[], None]) -> None:
        self.courses = EdgeCourses()
        self.far_tiles: Tiles[CanvasEdge] = Tiles()
        self.is_done = False
        self._edges = iter(edges)
        self._done = done
        self._turns: Turns | None = None

    def begin(self) -> None:
        """Take the first edges now, and the others in turns of the event loop."""
        self._take(PART)
        if not self.is_done:
            # Only where there is an event loop: a picture for a file is made in a thread.
            self._turns = Turns()
            self._turns.later(self._go_on)

    def complete(self) -> None:
        """Take all that are left now."""
        while not self.is_done:
            self._take(PART)

    def stop(self) -> None:
        """Nobody asks for them any more."""
        self._turns = None

    def _go_on(self) -> None:
        self._take(PART)
        if self._turns is not None and not self.is_done:
            self._turns.later(self._go_on)

    def _take(self, count: int) -> None:
        part = list(islice(self._edges, count))
        for edge in part:
            self.courses.add(edge)
            self.far_tiles.add(edge, bounds_of(edge.coordinates))
        if len(part) < count and not self.is_done:
            self.is_done = True
            self.courses.finish()
            self._done()
