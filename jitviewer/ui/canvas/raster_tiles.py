"""What is too much to paint in one go, kept as pixels: tiles that are painted a few strokes at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap, QTransform

FEW = 60
"""Strokes that are painted as they are, as often as they are exposed."""

TURN_S = 0.008
"""Seconds of painting between two turns of the event loop."""

SIDE = 512
"""Pixels of the screen."""

_KEPT = 24
"""Tiles that are kept, unless more are in sight."""

_CROWDED = 2000
"""Strokes of a tile that are painted without smooth rims: where so many lie, none of them has a rim."""

_SMOOTH = QPainter.RenderHint.Antialiasing

Stroke = Callable[[QPainter], None]
_Place = tuple[int, int]


class Strokes(Protocol):
    """What tiles show."""

    def crowd(self, rect: QRectF, zoom: float, /) -> int:
        """About how many strokes there are in a rectangle of the scene; quick, and rather too many."""
        ...

    def within(self, rect: QRectF, zoom: float, /) -> Sequence[Stroke]:
        """The strokes in a rectangle of the scene, each at most about a millisecond of painting."""
        ...

    def begin(self, painter: QPainter, zoom: float, /) -> None:
        """Take pens and brushes in hand."""
        ...


class _Tile:
    """Pixels, and the strokes that are not painted yet (None: nobody asked which there are)."""

    def __init__(self, ratio: float) -> None:
        self.pixels = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
        self.pixels.setDevicePixelRatio(ratio)
        self.pixels.fill(Qt.GlobalColor.transparent)
        self.strokes: Sequence[Stroke] | None = None
        self.done = 0

    @property
    def is_done(self) -> bool:
        return self.strokes is not None and self.done == len(self.strokes)


class RasterTiles:
    """Paints strokes: few of them directly, many into tiles, which a repaint only copies.

    A repaint paints for `TURN_S` at most; what is left then is painted in turns of the event loop.
    `repaint` is told which rectangle of the scene is done, `seen` gives the one that is in sight.
    """

    def __init__(
        self, strokes: Strokes, repaint: Callable[[QRectF], None], seen: Callable[[], QRectF]
    ) -> None:
        self._strokes = strokes
        self._repaint = repaint
        self._seen = seen
        self._tiles: dict[_Place, _Tile] = {}
        self._zoom = 0.0
        self._ratio = 0.0
        self._is_smooth = True
        self._timer: QTimer | None = None

    @property
    def pending(self) -> int:
        """Tiles that are not done."""
        return sum(not tile.is_done for tile in self._tiles.values())

    @property
    def kept(self) -> int:
        """Tiles that there are."""
        return len(self._tiles)

    def forget(self) -> None:
        """What is shown is another."""
        self._tiles.clear()

    def paint_all(self, painter: QPainter, rect: QRectF, zoom: float) -> None:
        """Paint all strokes of a rectangle now, as into a file."""
        self._strokes.begin(painter, zoom)
        for stroke in self._strokes.within(rect, zoom):
            stroke(painter)

    def paint(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Paint a rectangle of the scene as far as there is time for it."""
        ratio = painter.device().devicePixelRatioF()
        self._is_smooth = painter.testRenderHint(_SMOOTH)
        if (zoom, ratio) != (self._zoom, self._ratio):
            self._zoom, self._ratio = zoom, ratio
            self._tiles.clear()
        # A stroke is counted in each cell of the index that it touches.
        if not self._tiles and self._strokes.crowd(exposed, zoom) <= 20 * FEW:
            strokes = self._strokes.within(exposed, zoom)
            if len(strokes) <= FEW:
                self._strokes.begin(painter, zoom)
                for stroke in strokes:
                    stroke(painter)
                return
        self._paint_tiles(painter, exposed)

    def _paint_tiles(self, painter: QPainter, exposed: QRectF) -> None:
        places = self._places(exposed)
        end = time.perf_counter() + TURN_S
        transform = painter.worldTransform()
        painter.save()
        # Tiles are pixels of the screen already; only where the view stands moves them.
        painter.setWorldTransform(QTransform.fromTranslate(transform.dx(), transform.dy()))
        is_late = False
        for place in places:
            tile = self._tiles.pop(place, None) or _Tile(self._ratio)
            self._tiles[place] = tile
            if not tile.is_done and not is_late:
                is_late = not self._work(place, tile, end)
            painter.drawPixmap(QPointF(place[0] * SIDE, place[1] * SIDE), tile.pixels)
        painter.restore()
        self._forget_oldest(len(places))
        if is_late:
            self._later()

    def _forget_oldest(self, needed: int) -> None:
        for place in list(self._tiles)[: max(0, len(self._tiles) - max(_KEPT, 2 * needed))]:
            del self._tiles[place]

    def _places(self, rect: QRectF) -> list[_Place]:
        step = SIDE / self._zoom
        columns = range(int(rect.left() // step), int(rect.right() // step) + 1)
        rows = range(int(rect.top() // step), int(rect.bottom() // step) + 1)
        return [(column, row) for row in rows for column in columns]

    def _rect(self, place: _Place) -> QRectF:
        step = SIDE / self._zoom
        return QRectF(place[0] * step, place[1] * step, step, step)

    def _work(self, place: _Place, tile: _Tile, end: float) -> bool:
        """Paint strokes of a tile until a point in time; gives whether all are painted."""
        if tile.strokes is None:
            # Strokes are as wide as their pens, and heads wider.
            rim = 12.0 / min(1.0, self._zoom)
            tile.strokes = self._strokes.within(self._rect(place).adjusted(-rim, -rim, rim, rim), self._zoom)
        if tile.is_done:
            return True
        painter = QPainter(tile.pixels)
        is_smooth = self._is_smooth and len(tile.strokes) <= _CROWDED
        painter.setRenderHint(_SMOOTH, is_smooth)
        painter.translate(-place[0] * SIDE, -place[1] * SIDE)
        painter.scale(self._zoom, self._zoom)
        self._strokes.begin(painter, self._zoom)
        while True:
            tile.strokes[tile.done](painter)
            tile.done += 1
            if tile.is_done or time.perf_counter() >= end:
                break
        painter.end()
        if tile.is_done:
            tile.strokes, tile.done = (), 0
        return tile.is_done

    def _later(self) -> None:
        if self._timer is None:
            self._timer = QTimer(singleShot=True, interval=0)
            self._timer.timeout.connect(self._on_turn)
        self._timer.start()

    def _on_turn(self) -> None:
        seen = self._seen()
        in_sight = self._places(seen) if self._tiles and not seen.isEmpty() else []
        end = time.perf_counter() + TURN_S
        for place in in_sight:
            tile = self._tiles.get(place)
            if tile is None or tile.is_done:
                continue
            if self._work(place, tile, end):
                self._repaint(self._rect(place))
            if time.perf_counter() >= end:
                self._later()
                return
