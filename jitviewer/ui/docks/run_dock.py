"""Runs the shown method: the button with its progress, the form, the results."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.run_form import RunForm
from jitviewer.ui.docks.run_results import RunResults
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import panel, styled

ORIGIN = "run"
_SETUP, _RESULTS = 0, 1


class RunDock(Dock):
    """Attributes: `form`, `results`, `pages` (which of the two is shown), `button`, `progress`, `stage`."""

    def __init__(self, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("runDock", "Run", themes, parent)
        self.form = RunForm(themes)
        self.results = RunResults(themes)
        self.button = styled(QPushButton("Run"), "primary")
        self.button.setToolTip("Run the shown method (F5)")
        self.button.setMinimumWidth(80)
        self.progress = QProgressBar(textVisible=False)
        self.stage = ElidedLabel()
        self.stage.setObjectName("caption")
        self.pages = Segments(
            (("Set up", "Inputs and options"), ("Results", "Outputs and times of the last run"))
        )
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        self._stack = QStackedWidget()
        self._stack.addWidget(area)
        self._stack.addWidget(self.results)
        body = panel()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip())
        column.addWidget(self._stack, 1)
        self.setWidget(body)
        self._since = QElapsedTimer()
        self._clock = QTimer(self, interval=200)
        self._clock.timeout.connect(self._show_progress)
        self.button.clicked.connect(self.toggle_run)
        self.pages.chosen.connect(self._stack.setCurrentIndex)
        self.form.submitted.connect(self.start_run)
        self.results.node_picked.connect(self._on_node_picked)
        self._asked_devices = False
        self._shown_outcome: object = None

    def _strip(self) -> QWidget:
        strip = QWidget()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.button)
        line.addWidget(self.stage, 1)
        line.addWidget(self.pages)
        column = QVBoxLayout(strip)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.progress)
        return strip

    def link(self, document: DocumentState) -> None:
        """Follow the inputs and the run."""
        self.follow(document.method_shown, self.refresh)
        self.follow(document.run_changed, self._on_run_changed)
        self.follow(document.devices_listed, self._on_devices_listed)
        self.follow(document.selection.selection_changed, self._on_selection_changed)

    def refresh(self) -> None:
        """Show the form and the last run of the document."""
        document = self.document
        self.form.setEnabled(document is not None and bool(document.method))
        if document is None or not document.method:
            self.form.set_inputs("", [])
        else:
            where = f"{document.number}:{document.module_path}.{document.method}"
            self.form.set_inputs(where, document.inputs)
            self._ask_devices()
        self._on_run_changed()

    def toggle_run(self) -> None:
        """Run, or cancel what is running."""
        if self.document is not None and self.document.is_running:
            self.document.cancel_run()
            self.button.setEnabled(False)
            self.stage.setText("Cancelling…")
        else:
            self.start_run()

    def start_run(self) -> None:
        """Run with what the form says."""
        document = self.document
        if document is None or not document.method or document.is_running:
            return
        form = self.form
        self._since.start()
        document.run(
            form.specs(), str(form.device.currentData() or "cpu"), form.repeats.value(), form.warmup.value(),
            form.seed.value(),
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: devices are asked for when somebody looks, for it starts the process that loads torch."""
        super().showEvent(event)
        self._ask_devices()

    def _show_page(self, page: int) -> None:
        self.pages.set_choice(page)
        self._stack.setCurrentIndex(page)

    def _ask_devices(self) -> None:
        document = self.document
        if document is not None and document.method and self.isVisible() and not self._asked_devices:
            self._asked_devices = True
            document.ask_devices()

    def _on_devices_listed(self) -> None:
        if self.document is not None and self.document.devices is not None:
            self.form.set_devices(self.document.devices.devices)

    def _on_run_changed(self) -> None:
        document = self.document
        is_running = document is not None and document.is_running
        self.button.setText("Cancel" if is_running else "Run")
        self.button.setEnabled(document is not None and bool(document.method))
        self.progress.setVisible(is_running)
        if is_running:
            self._clock.start()
            self._show_progress()
        else:
            self._clock.stop()
            self.stage.setText("")
            self._show_outcome()

    def _show_outcome(self) -> None:
        """Show how the last run ended, and turn to it when that is news."""
        document = self.document
        outcome = (document.stopped or document.result) if document is not None else None
        is_news = outcome is not None and outcome is not self._shown_outcome
        self._shown_outcome = outcome
        self.pages.button(_RESULTS).setEnabled(outcome is not None)
        if document is not None and document.stopped is not None:
            self.results.show_stopped(document.stopped)
        elif document is not None and document.result is not None:
            self.results.show_result(document.result)
        else:
            self.results.show_nothing()
            self._show_page(_SETUP)
        if is_news:
            self._show_page(_RESULTS)

    def _show_progress(self) -> None:
        document = self.document
        progress = document.progress if document is not None else None
        seconds = self._since.elapsed() / 1000 if self._since.isValid() else 0.0
        if progress is None:
            self.progress.setRange(0, 0)
            self.stage.setText(f"Starting  ·  {seconds:.1f} s")
            return
        self.progress.setRange(0, progress.total)
        self.progress.setValue(progress.done)
        done = f"  ·  {progress.done} of {progress.total}" if progress.total else ""
        seconds = max(seconds, progress.elapsed_s)
        self.stage.setText(f"{progress.stage.capitalize()}{done}  ·  {seconds:.1f} s")

    def _on_node_picked(self, node_id: int) -> None:
        if self.document is not None:
            self.document.selection.select((node_id,), ORIGIN)
            self.document.reveal(node_id)

    def _on_selection_changed(self, nodes: tuple[int, ...], origin: str) -> None:
        if nodes and origin != ORIGIN:
            self.results.select_node(nodes[0])
