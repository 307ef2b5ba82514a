"""Gives back what large documents take that nobody looks at; they are opened again when somebody does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from jitviewer.plain_text import plain_line
from jitviewer.ui.document_area import DocumentArea
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.turns import Turns

BUDGET = 450_000
"""Rows of all open documents together: boxes, edges, and lines of texts and trees. The engine takes some
thousand bytes for each and the window seven hundred; a document of usual size has a few thousand rows."""

_LONGEST_NAME = 60


class RestingDocuments(QObject):
    """Once documents together have more than `BUDGET` rows, those that were in front longest ago wait again,
    as those of the last session do: with their place in the program, passes, open frames, and besides with
    what was selected, how far all was scrolled, and the ways back.

    A Python file does not, which would be run again, nor a document that was run, through the stages of an
    executor or otherwise: results are not given up.
    """

    def __init__(self, documents: Documents, area: DocumentArea, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents = documents
        self._area = area
        self._last_seen: dict[int, int] = {}
        self._turn = 0
        self._was_told = False
        # Not while a signal of what is given up is being told.
        self._turns = Turns(self)
        documents.opened.connect(self._on_opened)
        area.current_changed.connect(self._on_current_changed)

    def _on_opened(self, document: DocumentState) -> None:
        document.canvas_changed.connect(self._look_later)

    def _on_current_changed(self) -> None:
        self._turn += 1
        for page in self._area.pages_in_front():
            self._last_seen[page.document.number] = self._turn
        self._look_later()

    def _look_later(self) -> None:
        if not self._turns.is_busy:
            self._turns.later(self._look)

    def _look(self) -> None:
        weights = {page: rows_of(page.document) for page in self._area.pages()}
        total = sum(weights.values())
        in_front = self._area.pages_in_front()
        for page in sorted(weights, key=lambda page: self._last_seen.get(page.document.number, 0)):
            if total <= BUDGET:
                break
            if page not in in_front and weights[page] and _may_rest(page.document):
                total -= weights[page]
                self._rest(page)

    def _rest(self, page: DocumentPage) -> None:
        """Put one that waits in the place of a document."""
        area, before = self._area, page.document
        tabs, active = area.sides[area.side_of(page)], area.active_side
        with area.rearranging(behind=True):
            area.aim(area.side_of(page))
            after = self._documents.add_again(before)
            fresh = next(other for other in area.pages() if other.document is after)
            fresh.come_back_to(page.sight())
            after.take_histories(before)
            after.fuse_stages(before.fuses)
            tabs.tabBar().moveTab(tabs.indexOf(fresh), tabs.indexOf(page))
            self._last_seen[after.number] = self._last_seen.pop(before.number, 0)
            self._documents.close(before.number)
            area.aim(active)
        if not self._was_told:
            self._was_told = True
            name = plain_line(Path(before.path).name)
            name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
            self._documents.noticed.emit(
                "info", f"To save memory {name} was put aside; it opens again when you go to its tab."
            )


def rows_of(document: DocumentState) -> int:
    """Boxes, edges and lines that are kept of a document."""
    canvas = document.canvas
    texts = (document.graph, document.code, document.source, document.record)
    drawn = len(canvas.items) + len(canvas.edges) if canvas is not None else 0
    return drawn + len(document.tree) + sum(len(text.line_nodes) for text in texts if text is not None)


def _may_rest(document: DocumentState) -> bool:
    is_quiet = document.phase == "ready" and not document.is_busy and not document.is_running
    # The graph of a stage has the stages that it came from with it, and comes back with them.
    has_results = bool(document.runs or document.staged) or (
        document.stages is not None and document.stage is None
    )
    return is_quiet and not has_results and not document.path.endswith(".py")
