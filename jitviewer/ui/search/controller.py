"""Search everywhere in the window: what is searched, what is marked, and where a result leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from jitviewer.protocol.rows import TreeRow
from jitviewer.ui.search.commands import action_commands, file_commands, pass_commands
from jitviewer.ui.search.find_everywhere import Places
from jitviewer.ui.search.palette import SearchPalette
from jitviewer.ui.search.results import Command, Found, LineTarget, Result
from jitviewer.ui.theme import ThemeManager

if TYPE_CHECKING:
    from jitviewer.ui.document_view import DocumentView
    from jitviewer.ui.editors.text_pane import TextPane
    from jitviewer.ui.main_window import MainWindow
    from jitviewer.ui.services.documents import Documents
    from jitviewer.ui.services.settings import Settings

ORIGIN = "search"
_ALWAYS = ("graph", "code")
"""Texts that are searched wherever they are; others where they are shown."""


class SearchController(QObject):
    """Attributes: `palette`; `found` is what the last search found."""

    def __init__(
        self, window: MainWindow, documents: Documents, themes: ThemeManager, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._documents = documents
        self._settings = settings
        self.found = Found()
        self._at = -1
        self.palette = SearchPalette(themes, self._places, window)
        self.palette.found_changed.connect(self._on_found)
        self.palette.chosen.connect(self._on_chosen)
        self.palette.closed.connect(self._on_closed)

    def open(self, sign: str = "") -> None:
        """Open the panel, for one kind if a sign is given."""
        self.palette.open(sign)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) result in the texts."""
        targets = [result.target for kept in self.found.kept.values() for result in kept]
        lines = [target for target in targets if isinstance(target, LineTarget)]
        if lines:
            self._at = (self._at + by) % len(lines)
            self._go_to(lines[self._at])

    def _places(self) -> Places:
        page = self._window.current_page()
        document = page.document if page is not None else None
        commands = [
            *action_commands(self._window),
            *pass_commands(document, self._documents.catalogue, self._documents.presets),
            *file_commands(self._window, self._settings.recent()),
        ]
        if page is None or document is None:
            return Places(commands)
        texts = {
            name: (pane.editor.view, pane.editor.lines)
            for name, pane in _panes(page.view).items()
            if pane.editor.view.text
        }
        return Places(commands, document.tree, texts, document.times)

    def _on_found(self, found: Found) -> None:
        self.found = found
        self._at = -1
        page = self._window.current_page()
        if page is not None:
            for name, pane in _panes(page.view).items():
                pane.editor.set_found(found.spans.get(name, []))
            page.view.canvas.set_found(found.nodes)

    def _on_closed(self, is_given_up: bool) -> None:
        if is_given_up:
            self._on_found(Found())
        page = self._window.current_page()
        if page is not None and is_given_up:
            page.view.graph.editor.setFocus()

    def _on_chosen(self, result: Result) -> None:
        target = result.target
        if isinstance(target, Command):
            self._on_found(Found())
            target.run()
        elif isinstance(target, TreeRow):
            self._window.tree.show()
            self._window.tree.go_to(target)
        else:
            lines = [r.target for kept in self.found.kept.values() for r in kept]
            places = [known for known in lines if isinstance(known, LineTarget)]
            self._at = places.index(target) if target in places else -1
            self._go_to(target)

    def _go_to(self, target: LineTarget) -> None:
        page = self._window.current_page()
        if page is None:
            return
        pane = _panes(page.view)[target.pane]
        pane.editor.show_span(target.span)
        pane.editor.setFocus()
        if target.nodes:
            page.document.selection.select(target.nodes, ORIGIN)
            page.document.reveal(target.nodes[0])


def _panes(view: DocumentView) -> dict[str, TextPane]:
    panes = {
        "graph": view.graph,
        "code": view.code,
        "source": view.source,
        "record": view.record,
    }
    return {name: pane for name, pane in panes.items() if name in _ALWAYS or not pane.isHidden()}
