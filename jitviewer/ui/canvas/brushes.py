"""Pens, brushes and fonts of the canvas in one theme, and the levels of detail."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from jitviewer.ui.theme import Theme, fonts
from jitviewer.ui.theme.theme import mix

FAR = 0.26
"""Below this zoom boxes are plain coloured rectangles and edges straight lines."""
LABELS = 0.42
"""From this zoom on boxes have labels."""
DETAILS = 0.62
"""From this zoom on boxes have their second line, and edges have arrow heads."""

LABEL_SIZE = 12
DETAIL_SIZE = 11
"""Scene pixels; the engine makes the boxes as wide as these need."""

MARK_STYLES = {
    "made": Qt.PenStyle.SolidLine,
    "changed": Qt.PenStyle.DashLine,
    "matched": Qt.PenStyle.DotLine,
    "removed": Qt.PenStyle.DashDotLine,
}


class Brushes:
    """Everything that painting needs and a theme decides."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.background = theme.color("canvas")
        self.box = theme.color("box")
        self.text = theme.color("text")
        self.dim = theme.color("text_dim")
        self.border = QPen(theme.color("box_border"), 1.0)
        self.strong_border = QPen(theme.color("border_strong"), 1.0)
        self.block_border = QPen(theme.color("border_strong"), 1.0, Qt.PenStyle.DashLine)
        self.edge = QPen(theme.color("edge"), 1.1)
        self.far_edge = QPen(mix(theme.color("edge"), self.background, 0.55), 0.0)
        self.accent = QPen(theme.color("accent"), 2.0)
        self.accent_edge = QPen(theme.color("accent"), 1.8)
        self.chosen_edge = QPen(theme.color("accent"), 3.2)
        self.hover = QPen(theme.color("text_dim"), 1.2)
        self.frames = [QColor(color) for color in theme.frames]
        self.categories = {name: QColor(color) for name, color in theme.categories.items()}
        self.fills = {name: mix(color, self.box, 0.10) for name, color in self.categories.items()}
        self.far_fills = {name: mix(color, self.box, 0.55) for name, color in self.categories.items()}
        self.marks = {
            name: QPen(QColor(color), 2.0, MARK_STYLES[name]) for name, color in theme.marks.items()
        }
        self.heat = theme.color("heat")
        self.label_font = fonts.sans(LABEL_SIZE, QFont.Weight.Medium)
        self.title_font = fonts.sans(LABEL_SIZE, QFont.Weight.DemiBold)
        self.detail_font = fonts.sans(DETAIL_SIZE)
        self.label_metrics = QFontMetricsF(self.label_font)
        self.title_metrics = QFontMetricsF(self.title_font)
        self.detail_metrics = QFontMetricsF(self.detail_font)

    def category(self, name: str) -> QColor:
        """The colour of an operator group."""
        return self.categories.get(name) or self.categories["other"]

    def fill(self, category: str, share: float) -> QColor:
        """The fill of a box; `share` (0 to 1) is its time as a part of the longest."""
        plain = self.fills.get(category) or self.fills["other"]
        return mix(self.heat, plain, 0.06 + 0.36 * share) if share > 0 else plain

    def far_fill(self, category: str, share: float) -> QColor:
        """The fill of a box seen from afar, where nothing but colour is left."""
        plain = self.far_fills.get(category) or self.far_fills["other"]
        return mix(self.heat, plain, 0.15 + 0.85 * share) if share > 0 else plain
