"""What the docks share: a quiet title, and following the document in front."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QWidget
from shiboken6 import isValid

from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.tool_button import IconButton

_TITLE_HEIGHT = 28


class DockTitle(QWidget):
    """The title of a dock; it disappears where a tab says the same."""

    def __init__(self, dock: QDockWidget, themes: ThemeManager) -> None:
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 4, 0)
        line.addWidget(QLabel(dock.windowTitle()), 1)
        line.addWidget(IconButton("close", f"Hide {dock.windowTitle()}", themes, dock.close))
        self._is_tab = False

    def set_tab(self, is_tab: bool) -> None:
        """Say whether the dock is one of several tabs."""
        self._is_tab = is_tab
        self.setFixedHeight(0 if is_tab else _TITLE_HEIGHT)

    def sizeHint(self) -> QSize:
        """Qt: one line, or nothing."""
        return QSize(80, 0 if self._is_tab else _TITLE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Qt: one line, or nothing."""
        return self.sizeHint()


class Dock(QDockWidget):
    """A dock that shows the document in front. Attributes: `document` (None if there is none)."""

    def __init__(self, name: str, title: str, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self._window = parent
        self.themes = themes
        self.document: DocumentState | None = None
        self._links: list[tuple[SignalInstance, Callable[..., object]]] = []
        self._title = DockTitle(self, themes)
        self._title.set_tab(False)
        self.setTitleBarWidget(self._title)
        self.visibilityChanged.connect(lambda _visible: self.fit_title())
        self.topLevelChanged.connect(lambda _floating: self.fit_title())

    def fit_title(self) -> None:
        """Hide the title while tabs show it."""
        # Qt says that a dock disappears even while it takes the window apart.
        if isValid(self._window):
            self._title.set_tab(bool(self._window.tabifiedDockWidgets(self)) and not self.isFloating())

    def show_document(self, document: DocumentState | None) -> None:
        """Show another document, or none."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self.document = document
        if document is not None:
            self.link(document)
        self.refresh()

    def follow(self, signal: SignalInstance, slot: Callable[..., object]) -> None:
        """Connect a signal of the document until another document is shown."""
        signal.connect(slot)
        self._links.append((signal, slot))

    def link(self, document: DocumentState) -> None:
        """Follow the signals of a document that is shown now."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show all of the present document anew."""
        raise NotImplementedError
