"""Recordings of the scene as it looks from afar, in tiles, so that only those in sight are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

from jitviewer.ui.canvas.spatial_index import Bounds

_TILE = 4096.0
T = TypeVar("T")
Tile = tuple[int, int]


class Tiles(Generic[T]):
    """Things grouped by the tile of their middle. `members` of each tile, and what it `reach`es."""

    def __init__(self) -> None:
        self.members: dict[Tile, list[T]] = {}
        self.reach: dict[Tile, Bounds] = {}

    def add(self, thing: T, bounds: Bounds) -> None:
        """Put a thing with these bounds into its tile."""
        left, top, right, bottom = bounds
        tile = (int((left + right) / 2 // _TILE), int((top + bottom) / 2 // _TILE))
        self.members.setdefault(tile, []).append(thing)
        known = self.reach.get(tile)
        if known is not None:
            left, top = min(known[0], left), min(known[1], top)
            right, bottom = max(known[2], right), max(known[3], bottom)
        self.reach[tile] = (left, top, right, bottom)


class FarTiles(Generic[T]):
    """Paints tiles; each is recorded when it is first painted."""

    def __init__(self, tiles: Tiles[T], record: Callable[[QPainter, Sequence[T]], None]) -> None:
        self._tiles = tiles
        self._record = record
        self._pictures: dict[Tile, QPicture] = {}

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the tiles that reach into a rectangle of the scene."""
        for tile, (left, top, right, bottom) in self._tiles.reach.items():
            if (
                left <= exposed.right()
                and right >= exposed.left()
                and top <= exposed.bottom()
                and bottom >= exposed.top()
            ):
                painter.drawPicture(QPointF(0, 0), self._picture(tile))

    def _picture(self, tile: Tile) -> QPicture:
        picture = self._pictures.get(tile)
        if picture is None:
            picture = self._pictures[tile] = QPicture()
            painter = QPainter(picture)
            self._record(painter, self._tiles.members[tile])
            painter.end()
        return picture
