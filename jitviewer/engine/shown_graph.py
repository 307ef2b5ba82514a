"""A graph that a run of another document made, shown as a document of its own."""

from __future__ import annotations

from collections.abc import Iterator

from jitcore.passes import Evaluator
from jitcore.requests.graph_file import read_graph
from jitcore.requests.program import function_of
from jitcore.source import JitError
from jitviewer.engine.answering import answers
from jitviewer.engine.bounded import bounded_view
from jitviewer.engine.document import Document
from jitviewer.engine.shown_document import RunTarget, ShownDocument
from jitviewer.engine.tree_rows import bounded_tree, tree_rows
from jitviewer.protocol import events, requests
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import TextView


class ShownGraph(ShownDocument):
    """Its text came with the request that opened it, so there is no file; `title` is what it is called.

    It can be rewritten and looked at like any other. The tensors and objects that it reads belong to the
    document that it came from, so it is run there.
    """

    def __init__(self, number: int, title: str, text: str, evaluate: Evaluator | None) -> None:
        super().__init__(number, title, evaluate)
        self._text = text
        # It is inlined already, and without passes its values keep their numbers.
        self.passes = ()

    def open(self, place: DocumentPlace | None = None) -> Iterator[events.Event]:
        """Read the text and show it."""
        function = function_of(read_graph(self._text, self.path))
        document = Document(self.path, function, file=self.path)
        self._document = document
        self._rows = bounded_tree(tree_rows(document))
        summary = "A graph of the executor"
        yield events.DocumentOpened(self.number, self.path, self.path, summary, self._rows)
        yield from self._show_first(place)

    @property
    def run_target(self) -> RunTarget:
        """Raises `JitError`: there is nothing to load."""
        raise JitError(f"{self.path} is a graph that a run made: run the document that it came from")

    @answers(requests.ShowRecord)
    def show_record(self, record: str, name: str = "") -> Iterator[events.Event]:
        """The text, which is all there is."""
        yield events.RecordShown(self.number, bounded_view(TextView(record, "source", self._text, [], {})), 0)
