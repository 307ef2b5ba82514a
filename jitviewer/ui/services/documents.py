"""The open documents: numbers them, passes events on, and opens them again after a loss."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import PassRow, PresetRow
from jitviewer.ui.services import collector
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.engine_client import EngineClient

_LOOK_AFTER_MS = 200


class Documents(QObject):
    """All open documents.

    Attributes: `by_number`; `catalogue`, the passes that the engine offers, and `presets`.
    Signals: opened(DocumentState), closed(number), catalogue_changed(), noticed(level, sentence)
    """

    opened = Signal(object)
    closed = Signal(int)
    catalogue_changed = Signal()
    noticed = Signal(str, str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._next_number = 1
        self.by_number: dict[int, DocumentState] = {}
        self.catalogue: list[PassRow] = []
        self.presets: list[PresetRow] = []
        self._restore: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        client.ready.connect(self._on_ready)
        client.event_received.connect(self._on_event)
        client.lost.connect(self._on_lost)
        client.given_up.connect(self._on_given_up)

    def open(self, path: str) -> DocumentState:
        """Open a file, or give the document that shows it already."""
        full = str(Path(path).absolute())
        for known in self.by_number.values():
            if known.path == full and known.phase != "failed":
                return known
        if self._client.is_given_up:
            self._client.restart()
        document = DocumentState(self._next_number, full, self._client.send, self)
        self._next_number += 1
        self.by_number[document.number] = document
        self.opened.emit(document)
        document.open()
        return document

    def close(self, number: int) -> None:
        """Forget a document."""
        document = self.by_number.pop(number, None)
        if document is not None:
            self._client.send(requests.CloseDocument(number))
            self.closed.emit(number)
            document.deleteLater()
            # After its views are gone too, which takes two turns of the event loop.
            QTimer.singleShot(_LOOK_AFTER_MS, self, collector.look_through)

    def _on_ready(self, event: events.EngineReady) -> None:
        if event.passes != self.catalogue:
            self.catalogue, self.presets = event.passes, event.presets
            self.catalogue_changed.emit()

    def _on_event(self, event: events.Event) -> None:
        document = self.by_number.get(event.document)
        if document is not None:
            document.apply(event)
            if isinstance(event, events.CanvasChanged) and event.parts:
                collector.set_aside()
            self._restore_after(document, event)
        elif isinstance(event, events.Notice):
            self.noticed.emit(event.level, event.sentence)

    def _on_lost(self, reason: str) -> None:
        self.noticed.emit(
            "warning", f"The engine stopped ({reason}) and was started again; documents are reopened."
        )
        for document in self.by_number.values():
            document.engine_lost()
            if document.phase == "opening":
                document.fail(f"The engine stopped while it was opening {document.path}: {reason}.")
            elif document.phase == "ready":
                self._restore[document.number] = (document.module_path, document.method, document.passes_on)
                document.open()

    def _on_given_up(self, reason: str) -> None:
        for document in self.by_number.values():
            document.engine_lost()
            if document.phase == "opening":
                document.fail(f"The engine cannot be started: {reason}.")
        self.noticed.emit("error", f"The engine keeps stopping: {reason}. Open a file to try again.")

    def _restore_after(self, document: DocumentState, event: events.Event) -> None:
        """Once a reopened document shows its first method, go back to what it showed before."""
        if not isinstance(event, events.MethodShown) or document.number not in self._restore:
            return
        module_path, method, passes = self._restore.pop(document.number)
        if (module_path, method) != (event.module_path, event.method):
            document.show_method(module_path, method)
        document.set_passes(passes)
