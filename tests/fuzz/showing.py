"""Everything that the window asks of the engine for a file, ending as a list of sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jitcore.passes import catalogue
from jitcore.source import JitError
from jitviewer.engine.answering import answer
from jitviewer.engine.failures import sentence_of
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events, requests
from jitviewer.protocol.framing import encode

MOST_LOOKS = 12
"""Lines of the tree, nodes and records of a file that are asked about."""

MOST_METHODS = 3
"""Methods that are shown: each draws the canvas anew."""

_NUMBER = 1


def show_fully(path: str) -> list[str]:
    """Open the file as the window does: tree, code, graph, canvas, inputs, and looks at parts.

    Gives the sentences that a person reads: none if nothing is wrong. What `sentence_of` would call an
    internal error is raised instead.
    """
    return _in_window(path, _Window.look_at_everything)


def rewrite_fully(path: str) -> list[str]:
    """Open the file as the window does, switch every pass on, go back to a step, and look for nodes."""
    return _in_window(path, _Window.rewrite)


def _in_window(path: str, and_then: Callable[[_Window], None]) -> list[str]:
    window = _Window(path)
    try:
        window.open()
        if window.is_open:
            and_then(window)
    finally:
        window.document.close()
    return window.sentences


class _Window:
    """Asks, and keeps of the answers what a window would need to ask more."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.document = ShownDocument(_NUMBER, path, None)
        self.sentences: list[str] = []
        self.is_open = False
        self.methods: list[tuple[str, str]] = []
        self.rows = 0
        self.records: list[str] = []
        self.nodes: list[int] = []

    def open(self) -> None:
        try:
            self._take(self.document.open())
        except (JitError, RecursionError) as error:
            self.sentences.append(sentence_of(error, self.path))

    def look_at_everything(self) -> None:
        self._ask(requests.SetAllItems(_NUMBER, is_open=True))
        for path, name in self.methods[1:MOST_METHODS]:
            self._ask(requests.ShowMethod(_NUMBER, path, name))
        for row in range(1, min(self.rows, MOST_LOOKS) + 1):
            self._ask(requests.InspectTreeRow(_NUMBER, row))
        for node in self.nodes[:MOST_LOOKS]:
            self._ask(requests.InspectNode(_NUMBER, node))
        for record in self.records[:MOST_LOOKS]:
            self._ask(requests.ShowRecord(_NUMBER, record))

    def rewrite(self) -> None:
        passes = [name for name in catalogue() if name != "inline"]
        self._ask(requests.SetCodeForm(_NUMBER, after_passes=True))
        self._ask(requests.SetPasses(_NUMBER, ["inline", *passes]))
        for name in passes[::3]:
            self._ask(requests.ShowPassDiff(_NUMBER, name))
        self._ask(requests.GoToStep(_NUMBER, 1))
        for node in self.nodes[-1:]:
            self._ask(requests.RevealNode(_NUMBER, node))

    def _ask(self, request: requests.Request) -> None:
        try:
            self._take(answer(self.document, request))
        except (JitError, RecursionError) as error:
            self.sentences.append(sentence_of(error, self.path))

    def _take(self, answers: Iterable[events.Event]) -> None:
        for event in answers:
            encode(event)
            match event:
                case events.DocumentOpened(tree=rows):
                    self.is_open = True
                    self.rows = len(rows)
                    self.methods = [(row.path, row.name) for row in rows if row.kind == "method"]
                    self.records = [row.path for row in rows if row.kind == "record"]
                case events.MethodFailed(sentence=sentence) | events.Notice(sentence=sentence):
                    self.sentences.append(sentence)
                case events.GraphChanged(view=view):
                    self.nodes = [node for line in view.line_nodes for node in line]
                case _:
                    pass
