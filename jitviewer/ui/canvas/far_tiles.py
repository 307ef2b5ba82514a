"""Recordings of the scene as it looks from afar, in tiles, so that only those in sight are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

from jitviewer.ui.canvas.spatial_index import Bounds

_TILE = 4096.0
T = TypeVar("T")


class FarTiles(Generic[T]):
    """Things grouped by the tile of their middle; a tile is recorded when it is first painted."""

    def __init__(
        self, things: Iterable[T], bounds: Iterable[Bounds], record: Callable[[QPainter, Sequence[T]], None]
    ) -> None:
        self._record = record
        self._members: dict[tuple[int, int], list[T]] = {}
        self._reach: dict[tuple[int, int], Bounds] = {}
        self._pictures: dict[tuple[int, int], QPicture] = {}
        for thing, (left, top, right, bottom) in zip(things, bounds, strict=True):
            tile = (int((left + right) / 2 // _TILE), int((top + bottom) / 2 // _TILE))
            self._members.setdefault(tile, []).append(thing)
            known = self._reach.get(tile)
            if known is None:
                self._reach[tile] = (left, top, right, bottom)
            else:
                self._reach[tile] = (
                    min(known[0], left), min(known[1], top), max(known[2], right), max(known[3], bottom),
                )  # fmt: skip

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the tiles that reach into a rectangle of the scene."""
        for tile, (left, top, right, bottom) in self._reach.items():
            if (
                left <= exposed.right()
                and right >= exposed.left()
                and top <= exposed.bottom()
                and bottom >= exposed.top()
            ):
                painter.drawPicture(QPointF(0, 0), self._picture(tile))

    def _picture(self, tile: tuple[int, int]) -> QPicture:
        picture = self._pictures.get(tile)
        if picture is None:
            picture = self._pictures[tile] = QPicture()
            painter = QPainter(picture)
            self._record(painter, self._members[tile])
            painter.end()
        return picture
