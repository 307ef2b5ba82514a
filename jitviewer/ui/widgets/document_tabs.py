"""Tabs that keep a readable width, and that can be carried out of their bar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.widgets.plain import key_text, plain_tip

_MOST = 200
"""Pixels of a title. It is cut before it stands in the bar, which asks for the size of every tab whenever one
comes or goes: an answer from here would take seconds with hundreds. What does not fit is scrolled to."""

_REACH = 24
"""Pixels around the bar within which a tab is moved among its neighbours and not carried away."""


class DocumentTabBar(QTabBar):
    """Signals: carried(QPoint): the pressed tab is held over this point of the screen; returned(): it is back
    in its bar; dropped(QPoint): it was let go there
    """

    carried = Signal(QPoint)
    returned = Signal()
    dropped = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._is_pressed = False
        self._is_carrying = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: take hold of a tab."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._is_pressed = is_left and self.tabAt(event.position().toPoint()) >= 0
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: move it among its neighbours, or carry it away."""
        around = self.rect().adjusted(-_REACH, -_REACH, _REACH, _REACH)
        if self._is_pressed and not around.contains(event.position().toPoint()):
            self._set_carrying(True)
            self.carried.emit(event.globalPosition().toPoint())
            return
        if self._is_carrying:
            self._set_carrying(False)
            self.returned.emit()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: let it go."""
        was_carrying = self._is_carrying
        self._is_pressed = False
        self._set_carrying(False)
        super().mouseReleaseEvent(event)
        if was_carrying:
            self.dropped.emit(event.globalPosition().toPoint())

    def _set_carrying(self, is_carrying: bool) -> None:
        if is_carrying == self._is_carrying:
            return
        self._is_carrying = is_carrying
        if is_carrying:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.unsetCursor()


class DocumentTabs(QTabWidget):
    """Attributes: `bar`, its tab bar."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = DocumentTabBar()
        self.setTabBar(self.bar)
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)

    def add_document(self, page: QWidget, path: str) -> int:
        """Add the page of a file under the file's name; the number of its tab."""
        name, metrics = plain_line(Path(path).name), self.bar.fontMetrics()
        at = self.addTab(page, key_text(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _MOST)))
        self.setTabToolTip(at, plain_tip(path))
        return at
