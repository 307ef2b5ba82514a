"""Icons drawn from the line drawings in `resources/icons`, in the theme's colours."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from jitviewer.resources import resource
from jitviewer.ui.theme.theme import Theme

_cache: dict[tuple[str, str, str, int], QIcon] = {}


def icon(name: str, theme: Theme, color: str = "text_dim", size: int = 16) -> QIcon:
    """A drawing as an icon, faded where its action is disabled."""
    return tinted(name, theme.color(color), theme.color("border_strong"), size)


def tinted(name: str, color: QColor, disabled: QColor | None = None, size: int = 16) -> QIcon:
    """A drawing as an icon in any colour."""
    key = (name, color.name(), disabled.name() if disabled is not None else "", size)
    found = _cache.get(key)
    if found is None:
        found = QIcon()
        for scale in _scales():
            found.addPixmap(_pixmap(name, color, size, scale))
            if disabled is not None:
                found.addPixmap(_pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
        _cache[key] = found
    return found


@cache
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def _scales() -> tuple[int, ...]:
    """The scales of the screens that are there; more would only hold up the first paint."""
    ratios = {math.ceil(screen.devicePixelRatio()) for screen in QGuiApplication.screens()}
    return tuple(sorted(ratios | {1}))


def _pixmap(name: str, color: QColor, size: int, scale: int) -> QPixmap:
    picture = QPixmap(size * scale, size * scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    text = _drawing(name).replace("currentColor", color.name())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
