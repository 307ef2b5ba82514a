"""Paints the types and shapes of values beside the edges that they flow along."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import CanvasEdge
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import DETAILS
from jitviewer.ui.canvas.edge_words import edge_label
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.canvas.spatial_index import corners

_HEIGHT = 13.0
_MOST = 96.0
"""Pixels that a label may take: boxes side by side are no nearer to each other."""

_LEAST = 22.0
_RIGHT, _BELOW = 6.0, 9.0
"""Pixels from where a value leaves its box to its label."""

_ASIDE = 64.0
"""Pixels up and down to another value of the same box: it may leave at its side."""

_ALIGNED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class EdgeLabelLayer(Layer):
    """One label for each value that leaves a box, where it leaves it, if there is room for it.

    Of several values that leave at one place, as all do where there are thousands, the first has a label.
    """

    def __init__(self, painter: BoxPainter, height: float, observed: Mapping[str, str]) -> None:
        super().__init__(painter, height)
        self._observed = observed
        self._labels: dict[int, tuple[QRectF, str, QColor] | None] = {}

    def set_observed(self, observed: Mapping[str, str]) -> None:
        """Use the types of another run."""
        self._observed = observed
        self.forget()

    def forget(self) -> None:
        """Colours or types changed."""
        self._labels.clear()
        super().forget()

    def paint_exposed(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """Labels from near by."""
        if zoom < DETAILS:
            return
        brushes = self.boxes.brushes
        painter.setFont(brushes.detail_font)
        picture = self.picture
        # A label lies to the right of where the value leaves its box, and below.
        near = exposed.adjusted(-_MOST - _RIGHT, -_HEIGHT - _BELOW, 0, 0)
        taken: set[tuple[float, float]] = set()
        for place in picture.starts.within(*corners(near)):
            number = picture.start_edges[place]
            if number not in self._labels:
                self._labels[number] = self._label(number)
            label = self._labels[number]
            start = picture.starts.bounds_of(place)[:2]
            if label is not None and start not in taken and label[0].intersects(exposed):
                taken.add(start)
                rect, words, under = label
                painter.fillRect(rect.adjusted(-2, 0, 2, 0), under)
                painter.setPen(brushes.dim)
                painter.drawText(rect, _ALIGNED, words)

    def label_of(self, edge: CanvasEdge) -> str:
        """What stands beside an edge, "" for nothing."""
        flat = edge.coordinates
        for place in self.picture.starts.at(flat[0], flat[1]):
            number = self.picture.start_edges[place]
            label = self._label(number)
            if label is not None:
                return label[1] if self.picture.edges[number] is edge else ""
        return ""

    def _label(self, number: int) -> tuple[QRectF, str, QColor] | None:
        picture = self.picture
        edge = picture.edges[number]
        source = picture.by_id.get(edge.source)
        words = plain_line(edge_label(edge, self._observed))
        if not words or source is None or source.width < _LEAST:
            # What comes in through a port was labelled outside.
            return None
        flat = edge.coordinates
        metrics = self.boxes.brushes.detail_metrics
        wanted = min(_MOST, metrics.horizontalAdvance(words) + 2)
        # Below the label of a time, which hangs over the rim of a box.
        rect = QRectF(flat[0] + _RIGHT, flat[1] + _BELOW, wanted, _HEIGHT)
        room = self._room(rect, edge)
        if room < min(_LEAST, wanted):
            return None
        rect.setWidth(min(wanted, room))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        under = QColor(self._ground(edge))
        under.setAlphaF(0.85)
        return rect, shown, under

    def _room(self, rect: QRectF, edge: CanvasEdge) -> float:
        """How wide a label may be before it runs into a box, or over the rim of its frame."""
        picture = self.picture
        right = rect.right()
        for number in picture.box_index.within(*corners(rect)):
            right = min(right, picture.boxes[number].x - 4)
        x, y = edge.coordinates[0], edge.coordinates[1]
        for place in picture.starts.within(x, y - _ASIDE, right + 2, y + _ASIDE):
            # Another value leaves the box further right, with a label of its own.
            other = picture.edges[picture.start_edges[place]]
            start = other.coordinates[0]
            if other.source == edge.source and other.value != edge.value and start > x:
                right = min(right, start - 2)
        home = edge.id.partition("|")[0]
        for number in picture.container_index.within(*corners(rect)):
            item = picture.containers[number]
            if item.x > rect.left():
                right = min(right, item.x - 4)
            elif item.id == home:
                right = min(right, item.x + item.width - 4)
        return right - rect.left()

    def _ground(self, edge: CanvasEdge) -> QColor:
        """The colour of the frame that an edge lies in."""
        brushes = self.boxes.brushes
        depth = self.picture.depth.get(edge.id.partition("|")[0])
        return brushes.background if depth is None else brushes.frames[depth % len(brushes.frames)]
