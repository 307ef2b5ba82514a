"""The view of the archive tree: opens lines for as long as the window stays quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTreeView, QWidget

from jitviewer.ui.docks.number_header import NumberHeader

MOST_OPENED = 1500
"""Lines in the view after something was opened with all below it: Qt lays out all of them at once."""


_INDENT, _LEAST_INDENT = 14, 10
"""Pixels from one level to the next, and where lines are nested deep: a triangle has to fit."""

_COUNTS = (2, 3)
"""Columns of numbers, as wide as these are."""

_ROOM, _LEAST_ROOM = 100, 100
"""Pixels that the deepest open line is to have for icon and name, and those that it gets in any case."""


class TreeView(QTreeView):
    """Double click and Enter activate a line, whatever the platform's habit; triangles open it.

    The deeper the lines that are open, the less each level is indented. Names stand in the first column,
    sizes in the third.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setIndentation(_INDENT)
        self.setIconSize(QSize(14, 14))
        self.setAccessibleName("Archive tree")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._depth = 1
        # Once, however many lines are opened together.
        self._indenting = QTimer(self, singleShot=True, interval=0)
        self._indenting.timeout.connect(self.fit_indentation)
        self.expanded.connect(self._on_opened_or_closed)
        self.collapsed.connect(self._on_opened_or_closed)
        self.setHeader(NumberHeader(self))
        self.header().sectionResized.connect(self._on_section_resized)

    def _on_opened_or_closed(self) -> None:
        self._indenting.start()

    def _on_section_resized(self, section: int) -> None:
        if section in _COUNTS:
            self._fit_names()

    def fit_indentation(self) -> None:
        """Indent by as much as leaves room for the name of the deepest line that is open."""
        self._depth = max(1, self._deepest())
        self._fit_names()

    def _fit_names(self) -> None:
        """Names get what the numbers leave; where lines are too deep for that, the view scrolls."""
        width = self.viewport().width() - sum(map(self.columnWidth, _COUNTS))
        indent = max(_LEAST_INDENT, min(_INDENT, (width - _ROOM) // self._depth))
        self.setIndentation(indent)
        self.setColumnWidth(0, max(width, indent * self._depth + _LEAST_ROOM))

    def _deepest(self) -> int:
        """Levels of the deepest open line, 1 for one without a line above it."""
        model = self.model()
        deepest = 0
        stack = [(QModelIndex(), 0)]
        while stack:
            index, depth = stack.pop()
            deepest = max(deepest, depth)
            if not depth or (self.isExpanded(index) and model.hasChildren(index)):
                stack += [(model.index(row, 0, index), depth + 1) for row in range(model.rowCount(index))]
        return deepest

    def lines(
        self, goes_in: Callable[[QModelIndex], bool], start: QModelIndex = QModelIndex()
    ) -> Iterator[QModelIndex]:
        """The lines below one, and those below each that `goes_in` holds for, from top to bottom."""
        model = self.model()
        # Not recursive: modules may be nested thousands deep.
        stack = [start]
        while stack:
            index = stack.pop()
            if index != start:
                yield index
            if index == start or (model.hasChildren(index) and goes_in(index)):
                stack += [model.index(row, 0, index) for row in reversed(range(model.rowCount(index)))]

    def open_lines(
        self, opens: Callable[[QModelIndex], bool], start: QModelIndex = QModelIndex()
    ) -> list[QModelIndex]:
        """Open the lines below one that `opens` holds for, until there are `MOST_OPENED`; gives the lines."""
        model = self.model()
        # Laid out once, and not again for each that is opened.
        self.scheduleDelayedItemsLayout()
        room = MOST_OPENED - model.rowCount(start)

        def goes_in(index: QModelIndex) -> bool:
            nonlocal room
            count = model.rowCount(index)
            if count > room or not opens(index):
                return False
            room -= count
            self.setExpanded(index, True)
            return True

        return list(self.lines(goes_in, start))

    def open_above(self, index: QModelIndex) -> None:
        """Open what is above a line, however deep it lies."""
        self.scheduleDelayedItemsLayout()
        above = index.parent()
        while above.isValid():
            self.setExpanded(above, True)
            above = above.parent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width has room for other indents."""
        super().resizeEvent(event)
        self._fit_names()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter activates; an asterisk opens all below a line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Asterisk and self.currentIndex().isValid():
            self.setExpanded(self.currentIndex(), True)
            self.open_lines(lambda _index: True, self.currentIndex())
            return
        super().keyPressEvent(event)
