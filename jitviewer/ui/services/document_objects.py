"""The functions and classes of a Python file: what is made of them, with which arguments and inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from jitviewer.protocol import requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import ProblemRow, TreeRow
from jitviewer.protocol.traced_names import name_that_was_traced, traced_name
from jitviewer.ui.services.document_diagnosis import DocumentDiagnosis


class DocumentObjects(QObject):
    """Attributes: `arguments` of constructors and inputs of `traces`, by the names of objects; `tracing`, the
    object that is traced ("": none); `wants_why`, whether inputs are asked for to learn why a trace differs.
    `rows` gives the tree of the document.

    Signals: arguments_wanted(class, parameters), trace_proposed(TraceProposed), tracing_changed
    """

    arguments_wanted = Signal(str, str)
    trace_proposed = Signal(object)
    tracing_changed = Signal()

    def __init__(
        self,
        number: int,
        ask: Callable[[requests.Request], None],
        rows: Callable[[], Sequence[TreeRow]],
        diagnosis: DocumentDiagnosis,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._number = number
        self._ask = ask
        self._rows = rows
        self._diagnosis = diagnosis
        self.arguments: dict[str, str] = {}
        self.traces: dict[str, list[str]] = {}
        self.tracing = self._last_traced = ""
        self.wants_why = False

    def come_back_to(self, place: DocumentPlace) -> None:
        """Know the arguments and inputs of last time."""
        self.arguments = dict(place.arguments)
        self.traces = dict(place.traces)

    def compile(self, name: str, arguments: str) -> None:
        """Compile an object with these constructor arguments, and show it."""
        self.arguments[name] = arguments
        self._ask(requests.CompileObject(self._number, name, arguments))

    def stop(self) -> None:
        """End what compiles or traces."""
        self._ask(requests.StopObject(self._number))

    # --- inputs ---------------------------------------------------------------------------------

    def ask_trace(self, name: str) -> None:
        """Ask for the inputs that an object is to be traced with; of a class first for its arguments."""
        self._ask_inputs(name, self.propose_trace)

    def ask_why(self, name: str) -> None:
        """Ask for inputs as `ask_trace` does, to learn why a trace with them differs from the object."""
        self._ask_inputs(name, self.propose_why)

    def _ask_inputs(self, name: str, propose: Callable[[str, str], None]) -> None:
        of = name_that_was_traced(name)
        row = next((row for row in self._rows() if row.name == of and not row.parent), None)
        if row is not None and row.kind == "scriptable" and row.parameters and of not in self.arguments:
            self.arguments_wanted.emit(of, row.parameters)
        elif row is not None:
            propose(of, self.arguments.get(of, ""))

    def propose_trace(self, name: str, arguments: str) -> None:
        """Have inputs proposed for a trace of an object that is made with these constructor arguments."""
        self.wants_why = False
        self._ask(requests.ProposeTrace(self._number, name, arguments))

    def propose_why(self, name: str, arguments: str) -> None:
        """Have inputs proposed as `propose_trace` does, to learn why the trace differs."""
        self.wants_why = True
        self._ask(requests.ProposeTrace(self._number, name, arguments))

    # --- traces ---------------------------------------------------------------------------------

    def trace(self, name: str, arguments: str | None, inputs: list[str]) -> None:
        """Trace an object, and show the trace; None stands for the last arguments."""
        of = name_that_was_traced(name)
        arguments = self.arguments.get(of, "") if arguments is None else arguments
        self.arguments[of], self.traces[traced_name(of)] = arguments, inputs
        self.tracing = self._last_traced = of
        self.tracing_changed.emit()
        self._ask(requests.TraceObject(self._number, of, arguments, inputs))

    def diagnose(self, name: str, arguments: str, inputs: list[str]) -> None:
        """Learn why a trace of an object differs from it."""
        self.arguments[name_that_was_traced(name)] = arguments
        self._diagnosis.start(name, arguments, inputs)

    def has_failed_to_trace(self, problems: Sequence[ProblemRow]) -> bool:
        """Whether, by these problems, the last trace could not be made."""
        made = traced_name(self._last_traced)
        return any(each.subject == made and not each.is_warning for each in problems)

    def look_for_trace(self) -> None:
        """The tree changed: what was traced may stand there."""
        made = next((row for row in self._rows() if row.name == traced_name(self.tracing)), None)
        if made is not None and made.detail != "tracing":
            self.end_tracing()

    def fail(self, method: str) -> None:
        """A method cannot be shown: where it is what was traced no line of the tree will tell."""
        if method == traced_name(self.tracing):
            self.end_tracing()

    def end_tracing(self) -> None:
        """Nothing is traced any more."""
        if self.tracing:
            self.tracing = ""
            self.tracing_changed.emit()
