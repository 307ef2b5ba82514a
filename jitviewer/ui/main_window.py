"""The window: tabs of documents in the middle, docks around them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from jitviewer.plain_text import plain_line
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import PassExampleRow, PassRow
from jitviewer.protocol.surrogate_halves import spell_out
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.inspector_dock import InspectorDock
from jitviewer.ui.docks.passes_dock import PassesDock
from jitviewer.ui.docks.run_dock import RunDock
from jitviewer.ui.docks.steps_dock import StepsDock
from jitviewer.ui.docks.tree_dock import TreeDock
from jitviewer.ui.document_area import DocumentArea
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.file_reloads import FileReloads
from jitviewer.ui.page_stack import PageStack
from jitviewer.ui.pages.page import Page
from jitviewer.ui.resting_documents import RestingDocuments
from jitviewer.ui.search.controller import SearchController
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.dropped_files import dropped_paths
from jitviewer.ui.services.pass_examples import example_path
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.stage_graph import StageGraph
from jitviewer.ui.services.turns import Turns
from jitviewer.ui.session_keeper import SessionKeeper
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.drop_sign import DropSign
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.plain import PlainLabel, set_tip, title_text
from jitviewer.ui.widgets.start_page import Sample, StartPage
from jitviewer.ui.window_actions import WindowActions
from jitviewer.ui.window_layout import is_sound_geometry
from jitviewer.ui.workspaces.arrangement import Arrangement
from jitviewer.ui.workspaces.catalogue import workspace_named
from jitviewer.ui.workspaces.controller import Workspaces
from jitviewer.ui.workspaces.workspace import Workspace

_NOTHING_TO_TRACE = "Functions and modules of Python files can be traced. An archive holds what was compiled."
_FILES = (
    "TorchScript (*.pt *.ts *.ptl *.pth *.zip *.ir);;Tensors (*.safetensors *.pt *.pth *.bin *.ckpt);;"
    "Python (*.py);;All files (*)"
)
_GEOMETRY = "window/geometry"
_SILENT = (
    "The engine has not answered for some seconds: it is busy with one long step, or stuck. "
    "When it is restarted, what is open is opened again as it is shown."
)
_TURN_S = 0.02
"""Seconds that tabs are made for in one turn of the event loop; laying their bar out comes on top."""


class MainWindow(QMainWindow):
    """Shows the documents of `Documents`.

    Attributes: `area` (the documents), `pages` (what fills the middle), `start_page`, `banner`, `silence` (of
    the engine), `actions_`, `session`, `not_kept` (a word that it is not), `drop_sign`, `reloads`, `search`,
    `arrangement` and `workspaces` (which parts are in sight), and the docks `tree`, `passes`, `steps`, `run`,
    `inspector`.
    """

    def __init__(self, documents: Documents, themes: ThemeManager, settings: Settings) -> None:
        super().__init__()
        self._documents = documents
        self._themes = themes
        self._settings = settings
        themes.set_text_size(settings.text_size)
        self.setWindowTitle("jitviewer")
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.banner = Banner(themes)
        self.silence = Banner(themes)
        self.start_page = StartPage(settings)
        self.area = DocumentArea()
        self.pages = PageStack(self.area, self.start_page)
        self.arrangement = Arrangement(settings, self)
        self.actions_ = WindowActions(self, themes, settings)
        self._offer_pages()
        self.reloads = FileReloads(documents, self.area.pages, settings, self)
        self.session = SessionKeeper(documents, self.area, settings, self)
        self._resting = RestingDocuments(documents, self.area, self)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.silence)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self._summary = ElidedLabel()
        self._engine = PlainLabel("Starting the engine…")
        self.statusBar().addWidget(self._summary, 1)
        self.not_kept = PlainLabel("Not kept for the next start")
        self.not_kept.hide()
        self.statusBar().addPermanentWidget(self.not_kept)
        self.statusBar().addPermanentWidget(self._engine)
        self.statusBar().setSizeGripEnabled(False)
        self.tree = TreeDock(themes, self)
        self.passes = PassesDock(documents, themes, settings, self)
        self.steps = StepsDock(themes, self)
        self.run = RunDock(themes, settings, self)
        self.inspector = InspectorDock(themes, self)
        self.drop_sign = DropSign(self)
        self._turns = Turns(self)
        self._to_add: deque[tuple[str, bool]] = deque()
        self.search = SearchController(self, documents, themes, settings)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._restore()
        self.workspaces = Workspaces(self, self.arrangement, self.docks(), self.area.pages_in_front)
        self.actions_.add_docks(self.docks())
        self._connect()
        self._on_current_changed()

    def docks(self) -> tuple[Dock, ...]:
        """All docks."""
        return self.tree, self.passes, self.steps, self.run, self.inspector

    def current_page(self) -> DocumentPage | None:
        """The page in front."""
        return self.area.current_page()

    @property
    def tabs(self) -> QTabWidget:
        """The tabs of the active side."""
        return self.area.tabs

    def choose_workspace(self, workspace: Workspace) -> None:
        """Turn to a workspace."""
        self.workspaces.switch(workspace)

    # --- commands -----------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for files with the file dialog and open them."""
        paths, _ = QFileDialog.getOpenFileNames(self, "Open", self._settings.folder, _FILES)
        self.open_paths(paths)

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open files, the last in front. The others are read when somebody looks at them, as those of a
        session are: hundreds at once would hold up window and engine."""
        if not paths:
            return
        *others, last = paths
        if others or self._to_add:
            self._settings.remember_files(others)
            is_adding = bool(self._to_add)
            self._to_add.extend((*((path, False) for path in others), (last, True)))
            if not is_adding:
                self._turns.later(self._add_some)
        else:
            self.open_path(last)

    def open_path(self, path: str) -> None:
        """Open a file, or come back to the tab that shows it."""
        document = self._documents.open(path)
        self._settings.remember_files([path])
        page = self._page_of(document.number)
        if page is not None:
            self.area.show_page(page)
            self.pages.documents_changed()

    def open_stage(self, stage: StageGraph) -> None:
        """Show a graph that a run made, or come back to the tab that shows it."""
        page = self._page_of(self._documents.open_stage(stage).number)
        if page is not None:
            self.area.show_page(page)

    def show_pass(self, row: PassRow) -> None:
        """Show the page of a pass."""
        from jitviewer.ui.pages.pass_page import PassPage  # as other pages: not before it is looked at

        page = self.pages.page("pass")
        assert isinstance(page, PassPage)
        page.show_pass(row)
        if self.pages.currentWidget() is not page:
            self.pages.toggle_page("pass")

    def open_example(self, name: str, example: PassExampleRow) -> None:
        """Open the example of a pass, as it is before the first step of the pass."""
        place = DocumentPlace(example.module_path, example.method, list(example.passes), example.first_step)
        document = self._documents.add(example_path(name), place)
        self._documents.wake(document)
        self.choose_workspace(workspace_named("rewrite"))
        page = self._page_of(document.number)
        if page is not None:
            self.area.show_page(page)
            self.pages.show_documents()

    def open_diverging(self, sample: Sample) -> None:
        """Open a sample where it is told why a trace of it differs."""
        self._documents.open(sample.path).diagnosis.expect(sample.source.rpartition(":")[2], sample.inputs)
        self.open_path(sample.path)
        self.choose_workspace(workspace_named("compare"))

    def _add_some(self) -> None:
        """Make tabs for a moment; the window draws and listens before it goes on."""
        end = time.perf_counter() + _TURN_S
        with self.area.rearranging(behind=True):
            while self._to_add and not self._to_add[0][1]:
                path, _ = self._to_add.popleft()
                if self._documents.showing(path) is None:
                    self._documents.add(path)
                if time.perf_counter() > end:
                    break
        if self._to_add and self._to_add[0][1]:
            self.open_path(self._to_add.popleft()[0])
        if self._to_add:
            self._turns.later(self._add_some)

    def close_current(self) -> None:
        """Close the document in front."""
        page = self.current_page()
        if page is not None:
            self._close_page(page)

    def close_others(self) -> None:
        """Close all documents but the one in front."""
        kept = self.current_page()
        with self.area.rearranging():
            for page in self.area.pages():
                if page is not kept:
                    self._close_page(page)

    def close_all(self) -> None:
        """Close all documents."""
        # Out of sight no bar is laid out for each tab that goes, and no page that comes to the front.
        self.pages.show_start()
        self._to_add.clear()
        with self.area.rearranging():
            for page in self.area.pages():
                self._close_page(page)

    def reopen(self) -> None:
        """Open the file that was closed last."""
        *earlier, path = self.actions_.closed_files or [""]
        if path:
            self.actions_.closed_files = earlier
            self.open_path(path)

    def reload_current(self) -> None:
        """Open the file of the document in front anew; what is shown stays."""
        page = self.current_page()
        if page is not None:
            self.reloads.reload(page)

    def copy_path(self) -> None:
        """Put the path of the document in front on the clipboard."""
        page = self.current_page()
        if page is not None:
            # Qt drops bytes that are no UTF-8; what is copied should show that there are some.
            QGuiApplication.clipboard().setText(spell_out(page.document.path))

    def split(self) -> None:
        """Show the file in front once more on the other side, with passes and runs of its own."""
        page = self.current_page()
        if page is not None:
            with self.area.rearranging():
                self.area.aim(1 - self.area.active_side)
                self._documents.add_again(page.document)

    def arrange_canvas(self) -> None:
        """Put the canvas beside the texts, or below."""
        page = self.current_page()
        if page is not None:
            self.arrangement.put_beside(not self.arrangement.is_beside)

    def toggle_docks(self) -> None:
        """Hide all docks, or show those that were there before."""
        self.workspaces.toggle_docks()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def step_part(self, by: int) -> None:
        """Give the keyboard to the next part of the window: texts, canvas, docks."""
        page = self.current_page()
        parts: list[QWidget] = list(page.parts()) if page is not None else [self.start_page]
        shown = self.pages.currentWidget()
        if shown is not None and shown not in (self.area, self.start_page):
            parts = [shown]
        parts += [dock for dock in self.docks() if dock.isVisible() and not dock.visibleRegion().isEmpty()]
        focus = QApplication.focusWidget()
        at = next(
            (n for n, part in enumerate(parts) if focus and (part is focus or part.isAncestorOf(focus))), -1
        )
        wanted = parts[(at + by) % len(parts)] if at >= 0 else parts[0]
        if isinstance(wanted, Dock):
            wanted.take_focus()
        else:
            focus_first(wanted)

    def toggle_run(self) -> None:
        """Run the shown method, or cancel the run, with the run dock in sight."""
        self.run.come_into_sight()
        self.run.toggle_run()

    def trace(self) -> None:
        """Ask for inputs to trace the object of a Python file that is chosen in the tree, or shown."""
        self._ask_of_object(lambda document, name: document.objects.ask_trace(name))

    def ask_why(self) -> None:
        """Ask for inputs to learn why a trace of that object differs from it."""
        self._ask_of_object(lambda document, name: document.objects.ask_why(name))

    def _ask_of_object(self, ask: Callable[[DocumentState, str], None]) -> None:
        page = self.current_page()
        if page is None:
            return
        name = self.tree.chosen_object() or page.document.object_shown
        if name:
            ask(page.document, name)
        else:
            page.view.banner.show_message("info", _NOTHING_TO_TRACE)

    def find_text(self) -> None:
        """Find in the text that has the focus, or in the graph's."""
        page = self.current_page()
        if page is None:
            return
        at: QWidget | None = QApplication.focusWidget()
        while at is not None and not isinstance(at, TextPane):
            at = at.parentWidget()
        if at is None or not at.isVisible():
            self.workspaces.bring_view("graph")
            at = page.view.graph
        at.find_bar.open()

    def search_everywhere(self, sign: str = "") -> None:
        """Search modules, operators, values, types, text and commands."""
        self.search.open(sign)

    def go_to_found(self, by: int) -> None:
        """Go to the next (1) or previous (-1) result of the last search."""
        self.search.step(by)

    def filter_tree(self) -> None:
        """Go to the filter of the tree."""
        self.tree.come_into_sight()
        self.tree.filter_field.setFocus()
        self.tree.filter_field.selectAll()

    def export_canvas(self) -> None:
        """Save what the canvas shows as a picture or a text."""
        page = self.current_page()
        if page is not None:
            page.view.canvas.exporter.ask()

    def fit_canvas(self) -> None:
        """Show the whole graph."""
        page = self.current_page()
        if page is not None:
            self.workspaces.bring_view("canvas")
            page.view.canvas.view.fit()

    def step(self, by: int) -> None:
        """Go to another rewrite."""
        page = self.current_page()
        if page is not None and page.document.steps:
            self.workspaces.bring_view("scrubber")
            slider = page.view.scrubber.slider
            slider.setValue(slider.value() + by)

    def go_to_place(self, by: int) -> None:
        """Go back (-1) or forward (1) through the methods that were shown of the document in front."""
        page = self.current_page()
        if page is not None:
            page.document.go_to_place(by)

    def change_passes(self, by: int) -> None:
        """Undo (-1) or redo (1) a change of the passes."""
        page = self.current_page()
        if page is not None and by < 0:
            page.document.undo_passes()
        elif page is not None:
            page.document.redo_passes()

    def choose_theme(self, choice: str) -> None:
        """Use "light", "dark" or "system" and remember it."""
        self._settings.theme = choice
        self._themes.choose(choice)

    def zoom_text(self, by: int) -> None:
        """Make the letters of code larger or smaller by so many pixels; 0 gives them their usual size."""
        self._themes.set_text_size(self._themes.text_size + by if by else fonts.BODY)

    def reset_layout(self) -> None:
        """Give every workspace its first form back."""
        self.workspaces.reset()

    # --- building -----------------------------------------------------------------------------

    def _offer_pages(self) -> None:
        self.pages.offer("settings", self._make_settings)
        self.pages.offer("keys", self._make_keys)
        self.pages.offer("about", self._make_about)
        self.pages.offer("pass", self._make_pass)

    def _make_settings(self) -> Page:
        from jitviewer.ui.pages.settings_page import SettingsPage

        page = SettingsPage(self._settings, self._themes)
        page.theme_chosen.connect(self.choose_theme)
        page.layout_reset.connect(self.reset_layout)
        return page

    def _make_keys(self) -> Page:
        from jitviewer.ui.pages.keys_page import KeysPage

        return KeysPage(self.actions_.actions_by_menu)

    def _make_about(self) -> Page:
        from jitviewer.ui.pages.about_page import AboutPage

        return AboutPage(self._documents)

    def _make_pass(self) -> Page:
        from jitviewer.ui.pages.pass_page import PassPage

        page = PassPage(self._documents, self._themes)
        page.example_wanted.connect(self.open_example)
        return page

    def _connect(self) -> None:
        self.passes.page_wanted.connect(self.show_pass)
        self.run.stage_wanted.connect(self.open_stage)
        self.start_page.open_requested.connect(self.choose_files)
        self.start_page.path_chosen.connect(self.open_path)
        self.start_page.diverging_chosen.connect(self.open_diverging)
        self._documents.opened.connect(self._on_document_opened)
        self._documents.closed.connect(self._on_document_closed)
        self._documents.catalogue_changed.connect(lambda: self._engine.setText(""))
        self._documents.confinement_told.connect(self.run.form.tell_unconfined)
        self._documents.noticed.connect(self.banner.show_message)
        self.session.noticed.connect(self.banner.show_message)
        self._documents.silence.began.connect(self._on_silence_began)
        self._documents.silence.ended.connect(self.silence.hide)
        self.silence.action_triggered.connect(self._on_engine_unwanted)
        self.session.not_kept.connect(self._on_not_kept)
        self._themes.text_size_changed.connect(self._on_text_size_changed)
        self._settings.noticed.connect(self.banner.show_message)
        self.area.current_changed.connect(self._on_current_changed)
        self.area.close_wanted.connect(self._close_page)
        self.area.fill_menu = self.actions_.fill_tab_menu

    def _restore(self) -> None:
        if self._settings.problem:
            self.banner.show_message("warning", self._settings.problem)
        geometry = self._settings.blob(_GEOMETRY)
        if is_sound_geometry(bytes(geometry.data())):
            self.restoreGeometry(geometry)

    def _page_of(self, number: int) -> DocumentPage | None:
        return next((page for page in self.area.pages() if page.document.number == number), None)

    def _close_page(self, page: DocumentPage) -> None:
        if page.document.stage is None:
            self.actions_.closed_files = [*self.actions_.closed_files, page.document.path]
        self._documents.close(page.document.number)

    # --- what happens -------------------------------------------------------------------------

    def _on_document_opened(self, document: DocumentState) -> None:
        page = DocumentPage(document, self._documents, self._themes, self._settings, self.arrangement)
        page.view_wanted.connect(self.workspaces.bring_view)
        page.open_requested.connect(self.choose_files)
        page.file_banner.action_triggered.connect(lambda: self.reloads.reload(page))
        page.close_requested.connect(lambda: self._documents.close(document.number))
        document.phase_changed.connect(lambda: self._on_phase_changed(page))
        document.run_changed.connect(self._on_run_changed)
        document.steps_changed.connect(self._on_history_changed)
        document.method_shown.connect(self._on_history_changed)
        self.area.add(page)

    def _on_document_closed(self, number: int) -> None:
        page = self._page_of(number)
        if page is not None:
            # Docks let go of the document before it is deleted.
            self.area.remove(page)
            page.deleteLater()

    def _on_current_changed(self) -> None:
        page = self.current_page()
        document = page.document if page is not None else None
        self.pages.documents_changed()
        for dock in self.docks():
            if dock.document is not document or document is None:
                dock.show_document(document)
        on_side = self.area.tabs.count()
        self.actions_.set_documents(len(self.area.pages()), on_side, self.area.is_split)
        self._describe(document)
        self._on_run_changed()
        self._on_history_changed()
        for shown in self.area.pages_in_front():
            self._documents.wake(shown.document)

    def _on_silence_began(self) -> None:
        self.silence.show_message("warning", _SILENT, "Restart the engine")

    def _on_engine_unwanted(self) -> None:
        self.silence.hide()
        self._documents.replace_engine()

    def _on_not_kept(self, sentence: str) -> None:
        set_tip(self.not_kept, sentence)
        self.not_kept.setAccessibleDescription(plain_line(sentence))
        self.not_kept.show()

    def _on_text_size_changed(self) -> None:
        self._settings.set_number("window/text_size", self._themes.text_size)

    def _on_history_changed(self) -> None:
        page = self.current_page()
        history = page.document.history if page is not None else None
        self.actions_.set_history(
            history is not None and history.can_undo, history is not None and history.can_redo
        )
        places = page.document.places if page is not None else None
        self.actions_.set_places(
            places is not None and places.can_go_back, places is not None and places.can_go_forward
        )

    def _on_phase_changed(self, page: DocumentPage) -> None:
        if page is self.current_page():
            self._describe(page.document)

    def _on_run_changed(self) -> None:
        page = self.current_page()
        self.actions_.set_running(page is not None and page.document.is_running)

    def _describe(self, document: DocumentState | None) -> None:
        path = Path(document.path) if document is not None else Path()
        name = path.name
        folder = f"{path.parent.name}/" if document is not None and document.stage is None else ""
        self.setWindowTitle(title_text(f"{name} - jitviewer" if name else "jitviewer"))
        self._summary.setText(
            f"{folder}{name}    {document.summary}".rstrip() if document is not None else ""
        )

    # --- Qt -----------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: local files can be dropped."""
        paths = dropped_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.drop_sign.show_files(paths)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Qt: the files were carried away."""
        self.drop_sign.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: open what was dropped."""
        self.drop_sign.hide()
        paths = dropped_paths(event.mimeData().urls())
        event.acceptProposedAction()
        # The drop ends first, so that the other program does not wait.
        QTimer.singleShot(0, self, lambda: self.open_paths(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: remember where everything stands."""
        self._settings.set_blob(_GEOMETRY, self.saveGeometry())
        self.workspaces.keep()
        self._settings.save()
        self.session.end()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt: where the system tells nothing of files, they are compared when the window is come back to."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.reloads.watch.look()


def focus_first(part: QWidget) -> None:
    """Give the keyboard to a widget, or to the first in it that takes it."""
    at = part
    if at.focusPolicy() & Qt.FocusPolicy.TabFocus:
        at.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    for inner in part.findChildren(QWidget):
        if inner.focusPolicy() & Qt.FocusPolicy.TabFocus and inner.isVisibleTo(part) and inner.isEnabled():
            inner.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
