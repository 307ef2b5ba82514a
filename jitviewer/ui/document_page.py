"""The page of one document: a message while it opens or if it cannot, else its views."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.message_panel import MessagePanel
from jitviewer.ui.workspace import Workspace


class DocumentPage(QStackedWidget):
    """Attributes: `document`, `message`, `workspace`.

    Signals: open_requested(): the person wants to choose another file
    """

    open_requested = Signal()

    def __init__(
        self, document: DocumentState, themes: ThemeManager, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.message = MessagePanel(themes)
        self.workspace = Workspace(document, themes, settings)
        self.addWidget(self.message)
        self.addWidget(self.workspace)
        self.message.action_triggered.connect(self._on_action)
        document.phase_changed.connect(self._on_phase_changed)
        self._was_ready = False
        self._on_phase_changed()

    def _on_phase_changed(self) -> None:
        document = self.document
        name = Path(document.path).name
        if document.phase == "ready" or (document.phase == "opening" and self._was_ready):
            # A document that is opened again after the engine died keeps what it showed.
            self._was_ready = True
            self.setCurrentWidget(self.workspace)
        elif document.phase == "opening":
            self.message.show_progress(f"Opening {name}", document.path)
            self.setCurrentWidget(self.message)
        else:
            self._was_ready = False
            actions = ("Open another file…", "Try again")
            self.message.show_failure(f"{name} cannot be opened", document.failure, document.path, actions)
            self.setCurrentWidget(self.message)

    def _on_action(self, number: int) -> None:
        if number == 0:
            self.open_requested.emit()
        else:
            self.document.open()
