"""The window: tabs of documents in the middle, docks around them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.inspector_dock import InspectorDock
from jitviewer.ui.docks.passes_dock import PassesDock
from jitviewer.ui.docks.run_dock import RunDock
from jitviewer.ui.docks.steps_dock import StepsDock
from jitviewer.ui.docks.tree_dock import TreeDock
from jitviewer.ui.document_page import DocumentPage
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.search.controller import SearchController
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.start_page import StartPage
from jitviewer.ui.window_actions import WindowActions

_FILES = "TorchScript (*.pt *.ts *.ptl *.pth *.zip *.ir);;All files (*)"
_GEOMETRY, _STATE = "window/geometry", "window/state"
_STATE_VERSION = 1


class MainWindow(QMainWindow):
    """Shows the documents of `Documents`.

    Attributes: `tabs`, `start_page`, `banner`, `actions_`, `search`, and the docks `tree`, `passes`, `steps`,
    `run`, `inspector`.
    """

    def __init__(self, documents: Documents, themes: ThemeManager, settings: Settings) -> None:
        super().__init__()
        self._documents = documents
        self._themes = themes
        self._settings = settings
        self.setWindowTitle("jitviewer")
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.actions_ = WindowActions(self, self, themes, settings)
        self.banner = Banner(themes)
        self.start_page = StartPage(settings)
        self.tabs = self._make_tabs()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start_page)
        self._stack.addWidget(self.tabs)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self._summary = ElidedLabel()
        self._engine = QLabel("Starting the engine…")
        self.statusBar().addWidget(self._summary, 1)
        self.statusBar().addPermanentWidget(self._engine)
        self.statusBar().setSizeGripEnabled(False)
        self.tree = TreeDock(themes, self)
        self.passes = PassesDock(documents, themes, settings, self)
        self.steps = StepsDock(themes, self)
        self.run = RunDock(themes, self)
        self.inspector = InspectorDock(themes, self)
        self.search = SearchController(self, documents, themes, settings)
        self._place_docks()
        self.actions_.add_dock_toggles([dock.toggleViewAction() for dock in self.docks()])
        self._first_state = self.saveState(_STATE_VERSION)
        self._connect()
        self._restore()
        self._on_tab_changed()

    def docks(self) -> tuple[Dock, ...]:
        """All docks."""
        return self.tree, self.passes, self.steps, self.run, self.inspector

    def current_page(self) -> DocumentPage | None:
        """The page in front."""
        page = self.tabs.currentWidget()
        return page if isinstance(page, DocumentPage) else None

    # --- commands -----------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for files with the file dialog and open them."""
        paths, _ = QFileDialog.getOpenFileNames(self, "Open", self._settings.folder, _FILES)
        for path in paths:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Open a file, or come back to the tab that shows it."""
        document = self._documents.open(path)
        self._settings.remember_file(path)
        page = self._page_of(document.number)
        if page is not None:
            self.tabs.setCurrentWidget(page)

    def close_current(self) -> None:
        """Close the document in front."""
        page = self.current_page()
        if page is not None:
            self._documents.close(page.document.number)

    def toggle_run(self) -> None:
        """Run the shown method, or cancel the run, with the run dock in sight."""
        self.run.show()
        self.run.raise_()
        self.run.toggle_run()

    def find_text(self) -> None:
        """Find in the text that has the focus, or in the graph's."""
        page = self.current_page()
        if page is None:
            return
        at: QWidget | None = QApplication.focusWidget()
        while at is not None and not isinstance(at, TextPane):
            at = at.parentWidget()
        (at or page.workspace.graph).find_bar.open()

    def search_everywhere(self, sign: str = "") -> None:
        """Search modules, operators, values, types, text and commands."""
        self.search.open(sign)

    def go_to_found(self, by: int) -> None:
        """Go to the next (1) or previous (-1) result of the last search."""
        self.search.step(by)

    def filter_tree(self) -> None:
        """Go to the filter of the tree."""
        self.tree.show()
        self.tree.filter_field.setFocus()
        self.tree.filter_field.selectAll()

    def fit_canvas(self) -> None:
        """Show the whole graph."""
        page = self.current_page()
        if page is not None:
            page.workspace.canvas.view.fit()

    def step(self, by: int) -> None:
        """Go to another rewrite."""
        page = self.current_page()
        if page is not None:
            slider = page.workspace.scrubber.slider
            slider.setValue(slider.value() + by)

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

    def reset_layout(self) -> None:
        """Put the docks where they were at first."""
        self.restoreState(self._first_state, _STATE_VERSION)
        self._size_docks()

    # --- building -----------------------------------------------------------------------------

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget(documentMode=True, tabsClosable=True, movable=True)
        tabs.tabBar().setAccessibleName("Documents")
        tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        tabs.currentChanged.connect(self._on_tab_changed)
        tabs.tabCloseRequested.connect(self._on_close_requested)
        return tabs

    def _place_docks(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.addDockWidget(left, self.tree)
        self.addDockWidget(right, self.passes)
        self.addDockWidget(right, self.inspector)
        self.tabifyDockWidget(self.passes, self.steps)
        self.tabifyDockWidget(self.steps, self.run)
        self.passes.raise_()
        for dock in self.docks():
            dock.fit_title()
        self._size_docks()

    def _size_docks(self) -> None:
        self.resizeDocks([self.tree, self.passes], [280, 320], Qt.Orientation.Horizontal)
        self.resizeDocks([self.passes, self.inspector], [440, 260], Qt.Orientation.Vertical)

    def _connect(self) -> None:
        self.start_page.open_requested.connect(self.choose_files)
        self.start_page.path_chosen.connect(self.open_path)
        self._documents.opened.connect(self._on_document_opened)
        self._documents.closed.connect(self._on_document_closed)
        self._documents.catalogue_changed.connect(lambda: self._engine.setText(""))
        self._documents.noticed.connect(self.banner.show_message)

    def _restore(self) -> None:
        geometry, state = self._settings.blob(_GEOMETRY), self._settings.blob(_STATE)
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        if not state.isEmpty():
            self.restoreState(state, _STATE_VERSION)

    def _page_of(self, number: int) -> DocumentPage | None:
        for at in range(self.tabs.count()):
            page = self.tabs.widget(at)
            if isinstance(page, DocumentPage) and page.document.number == number:
                return page
        return None

    # --- what happens -------------------------------------------------------------------------

    def _on_document_opened(self, document: DocumentState) -> None:
        page = DocumentPage(document, self._themes, self._settings)
        page.open_requested.connect(self.choose_files)
        document.phase_changed.connect(lambda: self._on_phase_changed(page))
        document.run_changed.connect(self._on_run_changed)
        at = self.tabs.addTab(page, Path(document.path).name)
        self.tabs.setTabToolTip(at, document.path)
        self.tabs.setCurrentIndex(at)

    def _on_document_closed(self, number: int) -> None:
        page = self._page_of(number)
        if page is not None:
            # Docks let go of the document before it is deleted.
            self.tabs.removeTab(self.tabs.indexOf(page))
            page.deleteLater()

    def _on_close_requested(self, at: int) -> None:
        page = self.tabs.widget(at)
        if isinstance(page, DocumentPage):
            self._documents.close(page.document.number)

    def _on_tab_changed(self) -> None:
        page = self.current_page()
        document = page.document if page is not None else None
        self._stack.setCurrentWidget(self.tabs if page is not None else self.start_page)
        for dock in self.docks():
            dock.show_document(document)
        self.actions_.set_has_document(document is not None)
        self._describe(document)
        self._on_run_changed()

    def _on_phase_changed(self, page: DocumentPage) -> None:
        if page is self.current_page():
            self._describe(page.document)

    def _on_run_changed(self) -> None:
        page = self.current_page()
        self.actions_.set_running(page is not None and page.document.is_running)

    def _describe(self, document: DocumentState | None) -> None:
        path = Path(document.path) if document is not None else Path()
        name = path.name
        self.setWindowTitle(f"{name} - jitviewer" if name else "jitviewer")
        self._summary.setText(
            f"{path.parent.name}/{name}    {document.summary}".rstrip() if document is not None else ""
        )

    # --- Qt -----------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: local files can be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: open what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        # The drop ends first, so that the other program does not wait.
        QTimer.singleShot(0, lambda: [self.open_path(path) for path in paths])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: remember where everything stands."""
        self._settings.set_blob(_GEOMETRY, self.saveGeometry())
        self._settings.set_blob(_STATE, QByteArray(self.saveState(_STATE_VERSION)))
        self._settings.save()
        super().closeEvent(event)
