"""What can be asked about a document, whatever is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import ProblemRow


class DocumentQuestions(QObject):
    """Requests to the engine that need nothing but the document's number, and which of all are not answered.

    Attributes: `number`, by which window and engine know the document.
    Signals: busy_changed(bool)
    """

    busy_changed = Signal(bool)

    def __init__(self, number: int, send: Callable[[requests.Request], None], parent: QObject) -> None:
        super().__init__(parent)
        self.number = number
        self._send = send
        self._awaited: dict[type[requests.Request], tuple[type[events.Event], ...]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether something that changes the views is asked for and not answered yet."""
        return bool(self._awaited)

    @property
    def awaits_method(self) -> bool:
        """Whether another method is asked for and not shown yet."""
        return any(map(self._awaits, (requests.ShowMethod, requests.CompileObject, requests.TraceObject)))

    def ask(self, request: requests.Request) -> None:
        """Send a request, and stay busy until it is answered if it says by what."""
        if request.answered_by:
            # One entry a kind: of requests in quick succession the engine may answer the last only.
            self._awaited[type(request)] = request.answered_by
            self.busy_changed.emit(True)
        self._send(request)

    def _awaits(self, kind: type[requests.Request]) -> bool:
        return kind in self._awaited

    def _take_answer(self, event: events.Event) -> None:
        """An event came: it answers the oldest request that it can be an answer to."""
        for kind, answers in self._awaited.items():
            if isinstance(event, answers):
                del self._awaited[kind]
                break

    def _await_nothing(self) -> None:
        """Nothing that was asked will be answered."""
        if self._awaited:
            self._awaited.clear()
            self.busy_changed.emit(False)

    def show_problem(self, problem: ProblemRow) -> None:
        """Show the line of a problem."""
        self.show_record(f"{problem.file}:{problem.line}")

    def show_method(self, module_path: str, method: str) -> None:
        """Show a method in the texts and on the canvas."""
        self.ask(requests.ShowMethod(self.number, module_path, method))

    def show_pass_diff(self, name: str) -> None:
        """Show the text before and after a pass of the pipeline side by side."""
        self.ask(requests.ShowPassDiff(self.number, name))

    def set_code_form(self, after_passes: bool, is_original: bool = False) -> None:
        """Show `.code` as saved or of the rewritten graph, or the Python that it was made from."""
        self.ask(requests.SetCodeForm(self.number, after_passes, is_original))

    def explain(self, word: str, nodes: Sequence[int]) -> None:
        """Ask what a word of a text means."""
        self.ask(requests.ExplainName(self.number, word, list(nodes)))

    def ask_parseable(self) -> None:
        """Ask for the shown graph as text that torch parses."""
        self.ask(requests.AskParseable(self.number))

    def toggle_item(self, item: str, is_open: bool) -> None:
        """Open or close a frame of the canvas."""
        self.ask(requests.ToggleItem(self.number, item, is_open))

    def set_all_items(self, is_open: bool) -> None:
        """Open or close every frame of the canvas."""
        self.ask(requests.SetAllItems(self.number, is_open))

    def choose_canvas(self, shows_constants: bool, merges_repeats: bool) -> None:
        """Give constants boxes of their own, and show equal parts once."""
        self.ask(requests.ChooseCanvas(self.number, shows_constants, merges_repeats))

    def show_constants(self, item: str, is_shown: bool) -> None:
        """Give the constants of one node boxes of their own, or fold them again."""
        self.ask(requests.ShowConstants(self.number, item, is_shown))

    def unroll_item(self, item: str) -> None:
        """Show every part of a repeat."""
        self.ask(requests.UnrollItem(self.number, item))

    def highlight_flow(self, kind: str, item: str, other: str = "") -> None:
        """Highlight what depends on an item (users), what it depends on (producers), or a path.

        Without an item nothing is highlighted any more.
        """
        self.ask(requests.HighlightFlow(self.number, kind, item, other))

    def reveal(self, node_id: int) -> None:
        """Open what hides a node on the canvas."""
        self.ask(requests.RevealNode(self.number, node_id))

    def inspect_row(self, row: int) -> None:
        """Ask for the facts of a line of the tree."""
        self.ask(requests.InspectTreeRow(self.number, row))

    def show_record(self, record: str, name: str = "") -> None:
        """Show a record of the archive as text, where it defines a name."""
        self.ask(requests.ShowRecord(self.number, record, name))

    def ask_devices(self) -> None:
        """Ask which devices there are."""
        self.ask(requests.AskDevices(self.number))

    def look_at_value(
        self, name: str, node_id: int = -1, index: int = 0, part: tuple[int, int, int] = (0, 0, 0)
    ) -> None:
        """Look at a value of the last run, by its name or by output `index` of a node; `part` is the
        matrix of a tensor and its first row and column."""
        self.ask(requests.LookAtValue(self.number, name, node_id, index, *part))

    def look_at_tensor(self, name: str, part: tuple[int, int, int] = (0, 0, 0)) -> None:
        """Look at a tensor of the archive by its dotted name; `part` as in `look_at_value`."""
        self.ask(requests.LookAtTensor(self.number, name, *part))
