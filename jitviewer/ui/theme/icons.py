"""Icons drawn from the line drawings in `resources/icons`, in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from jitviewer.resources import resource
from jitviewer.ui.theme.theme import Theme

_SCALES = (1, 2, 3)
_cache: dict[tuple[str, str, int], QIcon] = {}


def pixmap(name: str, color: QColor, size: int = 16, scale: int = 1) -> QPixmap:
    """A drawing in one colour, `size` pixels wide on a screen of the given `scale`."""
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color.name())
    picture = QPixmap(size * scale, size * scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, theme: Theme, color: str = "text_dim", size: int = 16) -> QIcon:
    """A drawing as an icon, faded where its action is disabled."""
    return tinted(name, theme.color(color), theme.color("border_strong"), size)


def tinted(name: str, color: QColor, disabled: QColor | None = None, size: int = 16) -> QIcon:
    """A drawing as an icon in any colour."""
    key = (name, color.name() + (disabled.name() if disabled is not None else ""), size)
    found = _cache.get(key)
    if found is None:
        found = QIcon()
        for scale in _SCALES:
            found.addPixmap(pixmap(name, color, size, scale))
            if disabled is not None:
                found.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
        _cache[key] = found
    return found
