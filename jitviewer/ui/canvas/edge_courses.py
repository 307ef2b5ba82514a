"""The courses of many edges, each place of them once, so that painting costs what is in sight."""

from __future__ import annotations

from array import array

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from jitviewer.protocol.rows import CanvasEdge
from jitviewer.ui.canvas.courses import Flat, distance, head, path_of
from jitviewer.ui.canvas.lanes import Lanes, Stretch
from jitviewer.ui.canvas.spatial_index import SpatialIndex, corners

_LONG = 600.0
"""A course that spans more pixels of the scene is taken apart: its rectangle says little of where it is."""

_CUBIC = 6
"""Numbers from the start of one cubic piece to the start of the next."""


class EdgeCourses:
    """Edges, and where they run. Attributes: `edges`, `lanes`.

    A short course is one piece. A long one is taken apart into its cubic pieces: what lies upright goes to
    the lanes, and pieces that edges have in common, as where all leave their source, are kept once.
    """

    def __init__(self) -> None:
        self.edges: list[CanvasEdge] = []
        self.lanes = Lanes()
        self._index = SpatialIndex()
        # The edge of each piece, and the number of the first coordinate of it; -1 for a whole course.
        self._edge_of = array("l")
        self._start_of = array("l")
        self._known: set[bytes] = set()
        self._paths: dict[int, QPainterPath] = {}

    def add(self, edge: CanvasEdge) -> None:
        """Add an edge; its number is how many there were before."""
        number = len(self.edges)
        self.edges.append(edge)
        flat = edge.coordinates
        left, top, right, bottom = bounds = bounds_of(flat)
        points = len(flat) // 2
        if points < 7 or points % 3 != 1 or max(right - left, bottom - top) <= _LONG:
            self._add_piece(number, -1, bounds)
            return
        last = len(flat) - 2 - _CUBIC
        for start in range(0, last + 1, _CUBIC):
            x0, y0, x1, y1, x2, y2, x3, y3 = flat[start : start + 8]
            falls = y0 <= y1 <= y2 <= y3 or y0 >= y1 >= y2 >= y3
            if x0 == x1 == x2 == x3 and falls and start != last:
                self.lanes.add(x0, min(y0, y3), max(y0, y3), number)
                continue
            key = edge.course[8 * start : 8 * start + 64]
            if key not in self._known:
                self._known.add(key)
                piece = (min(x0, x1, x2, x3), min(y0, y1, y2, y3), max(x0, x1, x2, x3), max(y0, y1, y2, y3))
                self._add_piece(number, start, piece)

    def finish(self) -> None:
        """All edges are there."""
        self._known = set()

    def _add_piece(self, number: int, start: int, bounds: tuple[float, float, float, float]) -> None:
        self._edge_of.append(number)
        self._start_of.append(start)
        self._index.add(bounds)

    def crowd(self, rect: QRectF) -> int:
        """About how many pieces are in a rectangle, rather too many than too few, without looking at them."""
        return self._index.crowd(*corners(rect))

    def pieces(self, rect: QRectF) -> list[int]:
        """The pieces that touch a rectangle, but for those in lanes."""
        return self._index.within(*corners(rect))

    def stretches(self, rect: QRectF) -> list[Stretch]:
        """The parts of lanes in a rectangle."""
        return self.lanes.within(*corners(rect))

    def path(self, piece: int) -> QPainterPath:
        """The curve of a piece."""
        known = self._paths.get(piece)
        if known is None:
            known = self._paths[piece] = path_of(self._flat(piece))
        return known

    def head(self, piece: int) -> QPainterPath | None:
        """The arrow head at the end of a piece, None if the course goes on."""
        edge = self.edges[self._edge_of[piece]]
        start = self._start_of[piece]
        return head(edge) if start < 0 or start == len(edge.coordinates) - 2 - _CUBIC else None

    def nearest(self, x: float, y: float, reach: float) -> CanvasEdge | None:
        """The edge that passes within `reach` of a point, the nearest one, and of several the first."""
        found = self.lanes.edges_near(x, y, reach)
        for piece in self._index.within(x - reach, y - reach, x + reach, y + reach):
            found.append((distance(self._flat(piece), x, y), self._edge_of[piece]))
        best, number = min(found, default=(reach, -1))
        return self.edges[number] if number >= 0 and best < reach else None

    def _flat(self, piece: int) -> Flat:
        flat = self.edges[self._edge_of[piece]].coordinates
        start = self._start_of[piece]
        return flat if start < 0 else flat[start : start + 8]


def bounds_of(flat: Flat) -> tuple[float, float, float, float]:
    """The rectangle around the points of a course."""
    xs, ys = flat[0::2], flat[1::2]
    return min(xs), min(ys), max(xs), max(ys)
