"""How the elements of a tensor are spread, as bars, and a matrix as a picture in shades of the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, qRgb
from PySide6.QtWidgets import QSizePolicy, QWidget

from jitviewer.protocol.run_rows import ValueLook
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.theme.theme import mix
from jitviewer.ui.widgets.plain import set_tip

_HEIGHT = 72
_LABELS = 16


class Histogram(QWidget):
    """Bars over equal parts of the range, with its ends below."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._look: ValueLook | None = None
        self.setFont(fonts.sans(fonts.CAPTION))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.theme_changed.connect(self.update)

    def set_look(self, look: ValueLook | None) -> None:
        """Show the spread of a value."""
        self._look = look
        if look is not None:
            self.setAccessibleName(f"Histogram from {look.low:.5g} to {look.high:.5g}")
        set_tip(
            self, f"{max(look.histogram):,} elements in the highest bar" if look and look.histogram else ""
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: a strip."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: bars and the ends of the range."""
        look = self._look
        if look is None or not look.histogram:
            return
        theme = self._themes.theme
        painter = QPainter(self)
        most = max(look.histogram)
        bottom = self.height() - _LABELS
        width = self.width() / len(look.histogram)
        for at, count in enumerate(look.histogram):
            height = max(1.0 if count else 0.0, (bottom - 2) * count / most)
            bar = QRectF(at * width, bottom - height, max(1.0, width - 1), height)
            painter.fillRect(bar, theme.color("accent_fill"))
        painter.setPen(theme.color("border"))
        painter.drawLine(0, bottom, self.width(), bottom)
        painter.setPen(theme.color("text_dim"))
        words = QRectF(0, bottom, self.width(), _LABELS)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | middle), f"{look.low:.5g}")
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | middle), f"{look.high:.5g}")


class MatrixPicture(QWidget):
    """A matrix as an image, dark to bright from the least to the greatest element."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._image = QImage()
        self._look: ValueLook | None = None
        self.setFixedHeight(128)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.theme_changed.connect(self._make_image)

    def set_look(self, look: ValueLook | None) -> None:
        """Show the matrix that is looked at."""
        self._look = look
        if look is not None:
            self.setAccessibleName(f"Picture of {look.rows} rows and {look.columns} columns")
        self._make_image()

    def _make_image(self) -> None:
        look = self._look
        self._image = QImage()
        if look is not None and look.picture:
            image = QImage(
                look.picture, look.picture_width, look.picture_height, look.picture_width,
                QImage.Format.Format_Indexed8,
            )  # fmt: skip
            theme = self._themes.theme
            low, high = theme.color("raised"), theme.color("accent")
            shades = [mix(high, low, at / 255) for at in range(256)]
            image.setColorTable([qRgb(c.red(), c.green(), c.blue()) for c in shades])
            # A copy, for the bytes belong to the message.
            self._image = image.copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the image, as large as fits with square elements."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.expandedTo(QSize(1, 1))
        if size.width() < 24 or size.height() < 24:
            size = size.expandedTo(QSize(min(24, self.width()), min(24, self.height())))
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), self._image)
