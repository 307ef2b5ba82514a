"""The open documents: numbers them, passes events on, and opens them again after a loss."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from jitviewer.plain_files import absolute
from jitviewer.protocol import events, requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import PassRow, PresetRow
from jitviewer.ui.services import collector
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.engine_client import EngineClient
from jitviewer.ui.services.engine_silence import EngineSilence
from jitviewer.ui.services.stage_graph import StageGraph

_LOOK_AFTER_MS = 200
_EXAMPLE_LOST = "The engine stopped before the pass was run on its example. Open this page again to ask anew."


class Documents(QObject):
    """All open documents.

    Attributes: `by_number`; `catalogue`, the passes that the engine offers, and `presets`;
    `engine_version`; `versions` of what the runner runs with; `confinement` is by what the processes that
    meet a file are confined, `unconfined` what a fault could reach all the same; `silence` tells when the
    engine does not answer.
    Signals: opened(DocumentState), closed(number), catalogue_changed(), versions_changed(),
    confinement_told(unconfined), pass_example_given(PassExampleGiven), noticed(level, sentence)
    """

    opened = Signal(object)
    closed = Signal(int)
    catalogue_changed = Signal()
    confinement_told = Signal(str)
    versions_changed = Signal()
    pass_example_given = Signal(object)
    noticed = Signal(str, str)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._next_number = 1
        self._awaited_example = ""
        self.by_number: dict[int, DocumentState] = {}
        self.catalogue: list[PassRow] = []
        self.presets: list[PresetRow] = []
        self.engine_version = ""
        self.confinement = self.unconfined = ""
        self.versions: list[tuple[str, str]] = []
        self._looking = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._looking.timeout.connect(self._give_back)
        self.silence = EngineSilence(client, self._is_awaiting, self)
        client.ready.connect(self._on_ready)
        client.event_received.connect(self._on_event)
        client.lost.connect(self._on_lost)
        client.given_up.connect(self._on_given_up)

    def open(self, path: str) -> DocumentState:
        """Open a file, or give the document that shows it already."""
        known = self.showing(path)
        if known is not None:
            self.wake(known)
            known.want()
            return known
        document = self.add(path)
        self.wake(document)
        return document

    def showing(self, path: str) -> DocumentState | None:
        """The first document that shows a file, or will when somebody looks at it."""
        full = absolute(path)
        return next(
            (one for one in self.by_number.values() if one.path == full and one.phase != "failed"), None
        )

    def add(self, path: str, place: DocumentPlace | None = None, *, is_wanted: bool = True) -> DocumentState:
        """A document that waits until somebody looks at it; it comes up with `place`.

        The file may be open already: the two documents then have passes and runs of their own. One that
        nobody asked for in this window is not `is_wanted`.
        """
        document = DocumentState(self._next_number, absolute(path), self._client.send, self)
        document.is_wanted = is_wanted
        return self._take(document, place)

    def open_stage(self, stage: StageGraph) -> DocumentState:
        """Show a graph that a run made, or give the document that shows it already."""
        known = next((one for one in self.by_number.values() if one.stage == stage), None)
        if known is not None:
            return known
        document = self._add_stage(stage, None)
        self.wake(document)
        return document

    def add_again(self, document: DocumentState) -> DocumentState:
        """Another document of what a document shows, at the same place, that waits as it does."""
        if document.stage is not None:
            return self._add_stage(document.stage, document.place())
        return self.add(document.path, document.place(), is_wanted=document.is_wanted)

    def _add_stage(self, stage: StageGraph, place: DocumentPlace | None) -> DocumentState:
        document = DocumentState(self._next_number, stage.title, self._client.send, self, stage)
        return self._take(document, place)

    def _take(self, document: DocumentState, place: DocumentPlace | None) -> DocumentState:
        if place is not None:
            document.come_back_to(place)
        self._next_number += 1
        self.by_number[document.number] = document
        self.opened.emit(document)
        return document

    def wake(self, document: DocumentState) -> None:
        """Open a document that waited."""
        if document.phase == "waiting":
            if self._client.is_given_up:
                self._client.restart()
            document.open()

    def close(self, number: int) -> None:
        """Forget a document."""
        document = self.by_number.pop(number, None)
        if document is not None:
            self._client.send(requests.CloseDocument(number))
            self.closed.emit(number)
            # Its views are deleted before it; once for many documents that are closed together.
            document.destroyed.connect(self._on_deleted)
            document.deleteLater()

    def _on_deleted(self) -> None:
        self._looking.start()

    def _give_back(self) -> None:
        """Nobody shows the closed documents any more."""
        collector.look_through()
        if not self.by_number:
            # Python gives little of what large models took back to the system; a process gives it all.
            self._client.renew()
            self._await_no_example(_EXAMPLE_LOST)

    def _is_awaiting(self) -> bool:
        """Whether somebody waits for the engine, and not for a program that runs."""
        return any(document.is_busy or document.phase == "opening" for document in self.by_number.values())

    def replace_engine(self) -> None:
        """Give up an engine that does not answer; documents are opened again in another."""
        self._client.replace("it did not answer")

    def ask_versions(self) -> None:
        """Ask what the runner runs with; `versions_changed` follows."""
        self._client.send(requests.AskVersions(0))

    def ask_pass_example(self, name: str, path: str) -> None:
        """Have a pass run on its example, which is in a file; `pass_example_given` follows."""
        self._awaited_example = name
        self._client.send(requests.AskPassExample(0, name, path))

    def _await_no_example(self, why_not: str) -> None:
        """The engine that was asked for an example of a pass is gone, and will not answer."""
        name, self._awaited_example = self._awaited_example, ""
        if name:
            self.pass_example_given.emit(events.PassExampleGiven(0, name, None, why_not))

    def _on_ready(self, event: events.EngineReady) -> None:
        self.engine_version = event.version
        self.confinement, self.unconfined = event.confinement, event.unconfined
        self.confinement_told.emit(event.unconfined)
        if event.passes != self.catalogue:
            self.catalogue, self.presets = event.passes, event.presets
            self.catalogue_changed.emit()

    def _on_event(self, event: events.Event) -> None:
        document = self.by_number.get(event.document)
        if document is not None:
            document.apply(event)
            if isinstance(event, events.CanvasChanged) and event.parts:
                collector.set_aside()
        elif isinstance(event, events.VersionsTold):
            self.versions = event.versions
            self.versions_changed.emit()
        elif isinstance(event, events.PassExampleGiven):
            if event.name == self._awaited_example:
                self._awaited_example = ""
            self.pass_example_given.emit(event)
        elif isinstance(event, events.Notice):
            self.noticed.emit(event.level, event.sentence)

    def _on_lost(self, reason: str) -> None:
        self.noticed.emit(
            "warning", f"The engine stopped ({reason}) and was started again; documents are reopened."
        )
        self._await_no_example(_EXAMPLE_LOST)
        for document in self.by_number.values():
            document.engine_lost()
            if document.phase == "opening":
                document.fail(f"The engine stopped while it was opening {document.path}: {reason}.")
            elif document.phase == "ready":
                document.open()

    def _on_given_up(self, reason: str) -> None:
        self._await_no_example(_EXAMPLE_LOST)
        for document in self.by_number.values():
            document.engine_lost()
            if document.phase == "opening":
                document.fail(f"The engine cannot be started: {reason}.")
        self.noticed.emit("error", f"The engine keeps stopping: {reason}. Open a file to try again.")
