"""Names widgets for the style sheet."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from jitviewer.ui.widgets.plain import PlainLabel

W = TypeVar("W", bound=QWidget)


def styled(widget: W, name: str) -> W:
    """The widget, under the name by which the style sheet knows it."""
    widget.setObjectName(name)
    return widget


def panel(name: str = "panel") -> QWidget:
    """A plain widget that paints the background that the style sheet gives it."""
    made = styled(QWidget(), name)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def caption(text: str = "", name: str = "caption") -> QLabel:
    """A label in one of the styles of the style sheet."""
    return styled(PlainLabel(text), name)
