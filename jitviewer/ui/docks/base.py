"""What the docks share: a quiet title, and following the document in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from shiboken6 import isValid

from jitviewer.ui.docks.title import DockTitle
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager


class Dock(QDockWidget):
    """A dock that shows the document in front.

    Each has a `tagline`, which stands in its title, and a `help_text` behind the question mark.
    Attributes: `document` (None if there is none), `help` (what the dock is for), `help_button`.
    """

    tagline: ClassVar[str]
    help_text: ClassVar[str]

    def __init__(self, name: str, title: str, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self._window = parent
        self.themes = themes
        self.document: DocumentState | None = None
        self._links: list[tuple[SignalInstance, Callable[..., object]]] = []
        self._title = DockTitle(self, themes, self.tagline, self.help_text)
        self.help, self.help_button = self._title.help, self._title.help_button
        self.setTitleBarWidget(self._title)
        self.visibilityChanged.connect(lambda _visible: self.fit_title())
        self.topLevelChanged.connect(lambda _floating: self.fit_title())

    def take_focus(self) -> None:
        """Come up and take the keyboard."""
        self.show()
        self.raise_()
        target = self.main_widget()
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def main_widget(self) -> QWidget:
        """What gets the keyboard when somebody goes to this dock."""
        return self.widget()

    def fit_title(self) -> None:
        """Say in the title what the dock is for while a tab shows its name."""
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
