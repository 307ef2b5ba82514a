"""The scene of two aligned graphs."""

from __future__ import annotations

from collections.abc import Sequence

from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.canvas.layers import Layer
from jitviewer.ui.canvas.scene import GraphScene
from jitviewer.ui.compare.aligned_rows import AlignedRow
from jitviewer.ui.compare.join_layer import JoinLayer
from jitviewer.ui.compare.status_brushes import StatusBrushes
from jitviewer.ui.theme import Theme


class ComparedScene(GraphScene):
    """Boxes in the colours of how their values agree, and joins between them."""

    _rows: Sequence[AlignedRow] = ()
    _first = -1

    def set_rows(self, rows: Sequence[AlignedRow], first: int) -> None:
        """Join these rows, from the next picture on; `first` is the one that differs first (-1: none)."""
        self._rows, self._first = rows, first

    def make_brushes(self, theme: Theme) -> Brushes:
        """Colours for how values agree."""
        return StatusBrushes(theme)

    def more_layers(self, painter: BoxPainter) -> list[Layer]:
        """The joins, below what is selected."""
        return [JoinLayer(painter, 2.5, self._rows, self._first)]
