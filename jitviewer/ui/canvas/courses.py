"""The course of an edge as a curve: what is painted, and how far away a point is from it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from jitviewer.protocol.rows import CanvasEdge

Flat = Sequence[float]
"""x and y of each point of a course, one after the other: a start and cubic Bezier triples, or a polyline."""

_STEP = 12.0
_FEWEST, _MOST = 8, 64
"""Straight steps that stand for a cubic piece where something near it is looked for."""

_HEAD_LENGTH, _HEAD_HALF = 7.0, 3.2


def path_of(flat: Flat) -> QPainterPath:
    """A course: cubic pieces, or straight ones where the points are not triples."""
    points = [QPointF(x, y) for x, y in zip(flat[0::2], flat[1::2], strict=True)]
    path = QPainterPath(points[0])
    if len(points) % 3 == 1:
        for at in range(1, len(points), 3):
            path.cubicTo(points[at], points[at + 1], points[at + 2])
    else:
        for point in points[1:]:
            path.lineTo(point)
    return path


def course(edge: CanvasEdge) -> QPainterPath:
    """The whole course of an edge."""
    return path_of(edge.coordinates)


def head(edge: CanvasEdge) -> QPainterPath:
    """The arrow head at the end of an edge; empty if it has no direction."""
    flat = edge.coordinates
    end = QPointF(flat[-2], flat[-1])
    path = QPainterPath()
    # The last control point may be the end itself; look back for one that gives a direction.
    for at in range(len(flat) - 4, -1, -2):
        line = QLineF(end, QPointF(flat[at], flat[at + 1]))
        if line.length() > 0.5:
            line.setLength(_HEAD_LENGTH)
            normal = line.normalVector()
            normal.setLength(_HEAD_HALF)
            side = QPointF(normal.dx(), normal.dy())
            path.addPolygon(QPolygonF([end, line.p2() + side, line.p2() - side]))
            path.closeSubpath()
            break
    return path


def distance(flat: Flat, x: float, y: float) -> float:
    """How far a point is from a course, across or down, whichever is more."""
    best = float("inf")
    triples = len(flat) // 2 % 3 == 1 and len(flat) > 2
    for at in range(0, len(flat) - 2, 6 if triples else 2):
        corners = _flattened(flat[at : at + 8]) if triples else flat[at : at + 4]
        for n in range(0, len(corners) - 2, 2):
            best = min(best, _from_line(corners[n], corners[n + 1], corners[n + 2], corners[n + 3], x, y))
    return best


def _flattened(cubic: Flat) -> list[float]:
    x0, y0, x1, y1, x2, y2, x3, y3 = cubic
    length = abs(x1 - x0) + abs(y1 - y0) + abs(x2 - x1) + abs(y2 - y1) + abs(x3 - x2) + abs(y3 - y2)
    steps = max(_FEWEST, min(_MOST, int(length / _STEP)))
    corners: list[float] = []
    for step in range(steps + 1):
        t = step / steps
        s = 1.0 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        corners += (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3)
    return corners


def _from_line(x0: float, y0: float, x1: float, y1: float, x: float, y: float) -> float:
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    t = ((x - x0) * dx + (y - y0) * dy) / square if square else 0.0
    t = min(1.0, max(0.0, t))
    return max(abs(x0 + t * dx - x), abs(y0 + t * dy - y))
