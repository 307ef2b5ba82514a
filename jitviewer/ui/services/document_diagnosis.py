"""Why a trace of an object of a document differs, as far as it was asked: under way, or what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from jitviewer.protocol import events, requests
from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.protocol.rows import InputRow
from jitviewer.protocol.traced_names import name_that_was_traced

_LOST = "The comparison was lost because the engine stopped. Compare again."
_REOPENED = "The comparison was ended because the file was opened anew. Compare again."


class DocumentDiagnosis(QObject):
    """The last diagnosis of a document. Attributes: `name` of the object that was asked about last,
    `expected` that of one that should be,
    `is_running`, `sentence` (what is done, or why there is no result; "" beside a result), `row` (the last
    result, of whatever object).

    Signals: changed()
    """

    changed = Signal()

    def __init__(self, number: int, ask: Callable[[requests.Request], None], parent: QObject) -> None:
        super().__init__(parent)
        self._number = number
        self._ask = ask
        self._inputs: dict[str, list[str]] = {}
        self.name = self.sentence = self.expected = ""
        self.is_running = False
        self.row: DiagnosisRow | None = None

    def start(self, name: str, arguments: str, inputs: list[str]) -> None:
        """Ask why a trace of an object, made with these arguments of its constructor and inputs, differs."""
        self.name = name_that_was_traced(name)
        self._inputs[self.name] = inputs
        self.is_running, self.sentence, self.row = True, f"Starting a process for {self.name}…", None
        self._ask(requests.DiagnoseObject(self._number, self.name, arguments, inputs))
        self.changed.emit()

    def expect(self, name: str, inputs: list[str]) -> None:
        """Propose these inputs for an object, as if it had been asked about with them."""
        self.expected = name
        self._inputs.setdefault(name, inputs)

    def stop(self) -> None:
        """End what is under way."""
        if self.is_running:
            self._ask(requests.CancelDiagnosis(self._number))

    def with_last_inputs(self, name: str, rows: Sequence[InputRow]) -> list[InputRow]:
        """What is proposed for an object, with the inputs that it was asked about with last."""
        last = self._inputs.get(name_that_was_traced(name), [])
        given = [
            replace(
                row,
                spec=spec,
                reason="inputs to begin with" if not self.name else "what it was compared with last",
            )
            for row, spec in zip(rows, last, strict=False)
        ]
        return [*given, *rows[len(given) :]] if len(last) <= len(rows) else list(rows)

    def take_moved(self, event: events.DiagnosisMoved) -> None:
        """The engine says what is done."""
        self.sentence = event.sentence
        self.changed.emit()

    def take_done(self, event: events.DiagnosisDone) -> None:
        """The engine says what came out."""
        self.is_running, self.sentence, self.row = False, "", event.diagnosis
        self.changed.emit()

    def take_stopped(self, event: events.DiagnosisStopped) -> None:
        """The engine says why nothing comes out."""
        self._end(event.sentence)

    def lose(self) -> None:
        """The engine is gone, and with it what was under way."""
        if self.is_running:
            self._end(_LOST)

    def reopen(self) -> None:
        """The file is opened anew, which ends what is under way."""
        if self.is_running:
            self._end(_REOPENED)

    def _end(self, sentence: str) -> None:
        self.is_running, self.sentence = False, sentence
        self.changed.emit()
