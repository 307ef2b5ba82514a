"""Says what the colours, outlines and bars on the canvas mean, those that occur."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from jitviewer.ui.canvas.brushes import MARK_STYLES
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.editors.gutter import FAILED, MARK_SIGNS
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.plain import set_tip

_HEIGHT = 24
_SWATCH = 10
_GAP = 16


class Legend(QWidget):
    """One line under the canvas; what does not fit is left out."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._entries: list[tuple[str, str]] = []
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.theme_changed.connect(self._on_theme_changed)

    def _on_theme_changed(self) -> None:
        self.update()

    def describe(self, picture: Picture, has_failure: bool = False) -> None:
        """Explain what this picture holds; `has_failure`: also where a run failed."""
        self._entries = [("failure", "the run failed here")] if has_failure else []
        self._entries += [("mark", mark) for mark in picture.marks()]
        if picture.most > 0:
            self._entries.append(("heat", picture.cost.name))
        self._entries += [("category", name) for name in picture.categories()]
        self.setAccessibleName("Legend: " + ", ".join(name for _, name in self._entries))
        set_tip(self, ", ".join(name for _, name in self._entries))
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: one line."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: swatches with their words."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(theme.color("border"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 12.0
        metrics = self.fontMetrics()
        for kind, name in self._entries:
            width = _SWATCH + 6 + metrics.horizontalAdvance(name)
            if x + width > self.width() - 8:
                break
            swatch = QRectF(x, (_HEIGHT - _SWATCH) / 2 + 0.5, _SWATCH, _SWATCH)
            if kind == "category":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.category(name))
                painter.drawRoundedRect(swatch, 2, 2)
            elif kind == "heat":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("heat"))
                painter.drawRect(swatch.adjusted(0, 7, 0, -1))
                painter.setBrush(theme.mix("heat", "panel", 0.3))
                painter.drawRect(swatch.adjusted(0, 0, 0, -3))
            elif kind == "failure":
                painter.setPen(QPen(theme.color("error"), 1.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(swatch, 2, 2)
                painter.drawText(swatch, int(Qt.AlignmentFlag.AlignCenter), FAILED)
            else:
                painter.setPen(QPen(theme.mark(name), 1.6, MARK_STYLES[name]))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(swatch, 2, 2)
                painter.setPen(theme.mark(name))
                painter.drawText(swatch, int(Qt.AlignmentFlag.AlignCenter), MARK_SIGNS[name])
            painter.setPen(theme.color("text_dim"))
            words = QRectF(x + _SWATCH + 6, 0, width, _HEIGHT)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            x += width + _GAP
