"""Recordings of the scene as it looks from afar, in tiles, so that only those in sight are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

from jitviewer.ui.canvas.spatial_index import Bounds

_TILE = 4096.0
_PART = 100
"""Things that are recorded and painted together: a hub's edges are in one tile, however many."""

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
    """Paints tiles, a limited number of things at a time; each part is recorded when it is first painted."""

    def __init__(self, tiles: Tiles[T], record: Callable[[QPainter, Sequence[T]], None]) -> None:
        self._tiles = tiles
        self._record = record
        self._pictures: dict[tuple[Tile, int], QPicture] = {}

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the tiles that reach into a rectangle of the scene."""
        for stroke in self.strokes(exposed):
            stroke(painter)

    def strokes(self, exposed: QRectF) -> list[Callable[[QPainter], None]]:
        """What paints the tiles that reach into a rectangle of the scene, part by part."""
        return [
            partial(self._paint_part, tile, part)
            for tile in self._reaching(exposed)
            for part in range(_parts(len(self._tiles.members[tile])))
        ]

    # What is recorded is the same at every zoom, and its pens are recorded too.

    def crowd(self, rect: QRectF, _zoom: float) -> int:
        """How many parts there are to be painted for a rectangle of the scene."""
        return sum(_parts(len(self._tiles.members[tile])) for tile in self._reaching(rect))

    def within(self, rect: QRectF, _zoom: float) -> list[Callable[[QPainter], None]]:
        """The parts that are painted for a rectangle of the scene."""
        return self.strokes(rect)

    def begin(self, _painter: QPainter, _zoom: float) -> None:
        """Each part brings its own pens."""

    def _reaching(self, exposed: QRectF) -> Iterator[Tile]:
        for tile, (left, top, right, bottom) in self._tiles.reach.items():
            if (
                left <= exposed.right()
                and right >= exposed.left()
                and top <= exposed.bottom()
                and bottom >= exposed.top()
            ):
                yield tile

    def _paint_part(self, tile: Tile, part: int, painter: QPainter) -> None:
        picture = self._pictures.get((tile, part))
        if picture is None:
            picture = self._pictures[tile, part] = QPicture()
            recorder = QPainter(picture)
            self._record(recorder, self._tiles.members[tile][part * _PART : (part + 1) * _PART])
            recorder.end()
        painter.drawPicture(QPointF(0, 0), picture)


def _parts(count: int) -> int:
    return -(-count // _PART)
