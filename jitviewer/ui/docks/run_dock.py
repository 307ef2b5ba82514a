"""Runs the shown method: the button with its progress, the form, the results, the timeline, the values."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.protocol.events import RunDone
from jitviewer.protocol.run_rows import MemoryRow
from jitviewer.protocol.traced_names import name_that_was_traced
from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.memory_panel import MemoryPanel
from jitviewer.ui.docks.run_form import RunForm
from jitviewer.ui.docks.run_results import RunResults
from jitviewer.ui.docks.stages_panel import StagesPanel
from jitviewer.ui.docks.timeline_view import TimelineView
from jitviewer.ui.docks.value_panel import ValuePanel
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.services.stage_graph import StageGraph
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.segments import Segments
from jitviewer.ui.widgets.styled import panel, styled

ORIGIN = "run"
_SETUP, _RESULTS, _TIMELINE, _VALUE, _STAGES = range(5)
_MADE_BY_A_RUN = "This graph was made by a run: go to the document that it came from to run it."


class RunDock(Dock):
    """Attributes: `form`, `results`, `timeline` with `memory` below, `value`, `stages`, `pages` (which of
    them is shown), `button`, `progress`, `stage` (what is run, or how far the run has come).

    Signals: stage_wanted(StageGraph): a graph that a run made is to be shown
    """

    stage_wanted = Signal(object)

    tagline: ClassVar[str] = "Run what is shown, see where time goes"
    help_text: ClassVar[str] = (
        "Inputs that fit are proposed from what the graph does with them; change a shape, a seed, or "
        "read a .npy, a .pt or a picture. F5 runs and cancels. Afterwards the time of every node "
        "stands in the table, in the texts and on the canvas. Run again with other passes or inputs "
        "to compare the runs as columns. Value shows what flowed through the selected node in the "
        "last run. Stages runs the method as torch's executor would and shows the graphs that it makes: as "
        "written, as profiled, as optimized, and what chose among them."
    )

    def __init__(self, themes: ThemeManager, settings: Settings, parent: QMainWindow) -> None:
        super().__init__("runDock", "Run", themes, parent)
        self._settings = settings
        self.form = RunForm(themes)
        self.form.use_settings(settings)
        self.results = RunResults(themes)
        self.button = styled(QPushButton("Run"), "primary")
        self.button.setMinimumWidth(80)
        self.trace = QPushButton("Trace")
        self.trace.hide()
        self.progress = QProgressBar(textVisible=False)
        self.stage = ElidedLabel()
        self.stage.setObjectName("caption")
        self.timeline = TimelineView(themes)
        self.memory = MemoryPanel(themes)
        self.value = ValuePanel(themes)
        self.stages = StagesPanel()
        self.pages = Segments(
            (
                ("Set up", "Inputs and options"), ("Results", "Outputs and times of the last run"),
                ("Timeline", "When each node ran in the last repeat, and memory along the run"),
                ("Value", "A value of the last run"),
                ("Stages", "The graphs that the executor makes of the method"),
            )
        )  # fmt: skip
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        self._stack = QStackedWidget()
        timeline_area = QScrollArea(widgetResizable=True)
        timeline_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        timeline_area.setWidget(self.timeline)
        timeline_page = QSplitter(Qt.Orientation.Vertical)
        timeline_page.setChildrenCollapsible(False)
        timeline_page.addWidget(timeline_area)
        timeline_page.addWidget(self.memory)
        for page in (area, self.results, timeline_page, self.value, self.stages):
            self._stack.addWidget(page)
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
        self.trace.clicked.connect(self._on_trace_clicked)
        self.pages.chosen.connect(self._show_page)
        self.form.submitted.connect(self.start_run)
        self.form.libraries.textEdited.connect(self._on_libraries_edited)
        self.results.nodes_picked.connect(self._on_nodes_picked)
        self.results.run_chosen.connect(self._on_run_chosen)
        self.timeline.node_picked.connect(lambda node: self._on_nodes_picked((node,)))
        self.memory.node_picked.connect(lambda node: self._on_nodes_picked((node,)))
        self.timeline.range_changed.connect(self._on_range_changed)
        self.stages.run_wanted.connect(self.run_stages)
        self.stages.reset_wanted.connect(self._on_reset_wanted)
        self.stages.fuse_wanted.connect(self._on_fuse_wanted)
        self.stages.graph_wanted.connect(self._on_graph_wanted)
        self.value.part_wanted.connect(self._on_part_wanted)
        self.value.output_wanted.connect(self._on_output_wanted)
        self._devices_asked_by: set[int] = set()
        self._knows_devices = False
        self._shown_outcome: object = None
        self._waits_to_run = False

    def _strip(self) -> QWidget:
        strip = QWidget()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.button)
        line.addWidget(self.stage, 1)
        line.addWidget(self.trace)
        pages = QHBoxLayout()
        pages.addWidget(self.pages)
        pages.addStretch(1)
        column = QVBoxLayout(strip)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.progress)
        column.addLayout(pages)
        return strip

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.button

    def link(self, document: DocumentState) -> None:
        """Follow the inputs and the run."""
        self.follow(document.method_shown, self.refresh)
        self.follow(document.method_failed, self._on_method_failed)
        self.follow(document.busy_changed, self._on_busy_changed)
        self.follow(document.run_changed, self._on_run_changed)
        self._waits_to_run = False
        self.follow(document.devices_listed, self._on_devices_listed)
        self.follow(document.value_looked, self._on_value_looked)
        self.follow(document.selection.selection_changed, self._on_selection_changed)

    def refresh(self) -> None:
        """Show the form and the last run of the document."""
        document = self.document
        self.form.setEnabled(self._can_run)
        if document is not None:
            self.form.show_libraries(document.libraries)
        if document is None or not document.method:
            self.form.set_inputs("", [])
        else:
            where = f"{document.number}:{document.module_path}.{document.method}"
            self.form.set_inputs(where, document.inputs, document.more_inputs)
            self._ask_devices()
        self._on_run_changed()

    def _on_libraries_edited(self, text: str) -> None:
        if self.document is not None:
            self.document.libraries = text
            self.document.libraries_changed.emit()

    def toggle_run(self) -> None:
        """Run, or cancel what is running."""
        if self.document is not None and self.document.is_running:
            self.document.cancel_run()
            self.button.setEnabled(False)
            self.stage.setText("Cancelling…")
        else:
            self.start_run()

    @property
    def _can_run(self) -> bool:
        document = self.document
        return document is not None and bool(document.method) and document.stage is None

    def run_stages(self) -> None:
        """Run once more through the stages of the executor, with what the form says."""
        document, form, libraries = self.document, self.form, self.form.library_words()
        if document is None or not self._can_run or document.awaits_method:
            return
        if libraries is None:
            self._show_page(_SETUP)
            return
        self._since.start()
        document.run_stages(
            form.specs(), str(form.device.currentData() or "cpu"), form.seed.value(), form.files.isChecked(),
            (self._settings.memory_gib << 30) or -1, form.time_limit.value(), libraries,
        )  # fmt: skip

    def _on_reset_wanted(self) -> None:
        if self.document is not None:
            self.document.forget_stages()

    def _on_fuse_wanted(self, fuses: bool) -> None:
        if self.document is not None:
            self.document.fuse_stages(fuses)

    def _on_graph_wanted(self, at: int) -> None:
        document = self.document
        if document is None or document.stages is None:
            return
        of = f"{Path(document.path).name} {document.place_name.removeprefix('(root).')}"
        origin = document.stage.of if document.stage is not None else of
        self.stage_wanted.emit(StageGraph(origin, document.stages, at))

    def start_run(self) -> None:
        """Run with what the form says, once it is the form of the method that was asked for last."""
        document = self.document
        if document is None or not self._can_run or document.is_running:
            return
        self._waits_to_run = document.awaits_method
        if self._waits_to_run:
            return
        form = self.form
        libraries = form.library_words()
        if libraries is None:
            self._show_page(_SETUP)
            return
        self._since.start()
        document.run(
            form.specs(), str(form.device.currentData() or "cpu"), form.repeats.value(), form.warmup.value(),
            form.seed.value(), form.files.isChecked(), (self._settings.memory_gib << 30) or -1,
            form.time_limit.value(), libraries,
        )  # fmt: skip

    def _on_trace_clicked(self) -> None:
        """Trace the object of a Python file that is shown, with what the form says."""
        document = self.document
        if document is not None and document.object_shown and not document.objects.tracing:
            document.objects.trace(document.object_shown, None, self.form.given_specs())

    def _on_busy_changed(self, is_busy: bool) -> None:
        if self._waits_to_run and not is_busy:
            self.start_run()

    def _on_method_failed(self) -> None:
        # The method that was to be run cannot be; nobody asked to run the one before.
        self._waits_to_run = False

    def showEvent(self, event: QShowEvent) -> None:
        """Qt: devices are asked for when somebody looks, for it starts the process that loads torch."""
        super().showEvent(event)
        self._ask_devices()

    def look_at(self, name: str) -> None:
        """Show a value of the last run, by its name."""
        if self.document is not None:
            self.come_into_sight()
            self._show_page(_VALUE)
            self.document.look_at_value(name)

    def _show_page(self, page: int) -> None:
        shown, focus = self._stack.currentWidget(), QApplication.focusWidget()
        has_focus = shown is not None and focus is not None and shown.isAncestorOf(focus)
        if page != self._stack.currentIndex() and has_focus:
            # The page that goes would give the keyboard to whatever comes next in the window.
            self.button.setFocus()
        self.pages.set_choice(page)
        self._stack.setCurrentIndex(page)
        document = self.document
        if page == _VALUE and document is not None and document.selection.nodes:
            self._look_at_node(document.selection.nodes[0])

    def _look_at_node(self, node_id: int) -> None:
        document = self.document
        if document is None or document.result is None or self._stack.currentIndex() != _VALUE:
            return
        if document.times.get(node_id) is None:
            self.value.show_nothing("The last run did not compute this node, or another graph was run.")
        elif document.value is None or document.value.node_id != node_id:
            document.look_at_value("", node_id)

    def _on_value_looked(self) -> None:
        document = self.document
        if document is not None and document.value is not None:
            time = document.times.get(document.value.node_id)
            self.value.show_value(document.value, len(time.types) if time is not None else 1)

    def _on_part_wanted(self, name: str, part: tuple[int, int, int]) -> None:
        if self.document is not None:
            self.document.look_at_value(name, part=part)

    def _on_output_wanted(self, node_id: int, index: int) -> None:
        if self.document is not None:
            self.document.look_at_value("", node_id, index)

    def _ask_devices(self) -> None:
        document = self.document
        if document is None or not document.method or not self.isVisible() or self._knows_devices:
            return
        # The answer comes to the document that asked: another one that is shown before it comes asks too.
        if document.number not in self._devices_asked_by:
            self._devices_asked_by.add(document.number)
            document.ask_devices()

    def _on_devices_listed(self) -> None:
        if self.document is not None and self.document.devices is not None:
            self._knows_devices = True
            self.form.set_devices(self.document.devices.devices)

    def _on_run_changed(self) -> None:
        document = self.document
        is_running = document is not None and document.is_running
        self.button.setText("Cancel" if is_running else "Run")
        place = document.place_name if document is not None else ""
        is_stage = document is not None and document.stage is not None
        set_tip(self.button, _MADE_BY_A_RUN if is_stage else f"Run {place or 'the shown method'} (F5)")
        self.button.setEnabled(self._can_run)
        self._show_stages()
        self._show_trace_button(document)
        self.progress.setVisible(is_running)
        if is_running:
            self._clock.start()
            self._show_progress()
        else:
            self._clock.stop()
            # What is run is what is shown, whatever line of the tree is chosen.
            self.stage.setText(place)
            self._show_outcome()

    def _show_stages(self) -> None:
        document = self.document
        if document is None:
            self.stages.show_stages(None, [])
        elif not document.is_running:
            at = document.stage.at if document.stage is not None else -1
            self.stages.show_stages(document.stages, document.staged, at)
        self.stages.show_fusing(document is not None and document.fuses)
        self.stages.allow(self._can_run and document is not None and not document.is_running)

    def _show_trace_button(self, document: DocumentState | None) -> None:
        name = name_that_was_traced(document.object_shown) if document is not None else ""
        # A trace is made of a call of the whole object: the form has to be that of its `forward`.
        is_whole = document is not None and document.module_path in ("", f"{document.object_shown}:")
        has_call = document is not None and (not document.module_path or document.method == "forward")
        self.trace.setVisible(bool(name) and is_whole and has_call)
        set_tip(self.trace, f"Call {name} in Python once with these inputs, and show what it did with them")

    def _show_outcome(self) -> None:
        """Show how the last run ended, and turn to it when that is news."""
        document = self.document
        outcome = (document.stopped or document.result) if document is not None else None
        is_news = outcome is not None and outcome is not self._shown_outcome
        is_other = outcome is not self._shown_outcome
        self._shown_outcome = outcome
        result = document.result if document is not None else None
        self.pages.button(_RESULTS).setEnabled(outcome is not None)
        self.pages.button(_TIMELINE).setEnabled(result is not None and bool(result.spans))
        self.pages.button(_VALUE).setEnabled(result is not None)
        if is_other:
            self._show_timeline(result)
            self.value.show_nothing()
        if document is not None and document.stopped is not None:
            self.results.show_stopped(document.stopped, document.turns)
        elif document is not None and result is not None:
            self.results.show_runs(document.runs_of_method(), document.turns)
        else:
            self.results.show_nothing()
            self._show_page(_STAGES if self._stack.currentIndex() == _STAGES else _SETUP)
        if document is not None and document.stage is not None:
            self._show_page(_STAGES)
        stays = result is outcome and self._stack.currentIndex() in (_TIMELINE, _VALUE)
        if is_news and not stays:
            self._show_page(_RESULTS)

    def _show_timeline(self, run: RunDone | None) -> None:
        self.timeline.set_spans(run.spans if run is not None else [])
        self.memory.show_memory(
            run.memory if run is not None else MemoryRow(), run.times if run is not None else []
        )

    def _on_range_changed(self) -> None:
        self.memory.line.show_range(self.timeline.start_us, self.timeline.span_us)

    def _show_progress(self) -> None:
        document = self.document
        progress = document.progress if document is not None else None
        seconds = self._since.elapsed() / 1000 if self._since.isValid() else 0.0
        if progress is None:
            self.progress.setRange(0, 0)
            self.stage.setText(f"Starting  ·  {seconds:.1f} s")
            return
        seconds = max(seconds, progress.elapsed_s)
        expected = progress.expected_s
        if expected > 0:
            # Time moves more evenly than repeats.
            self.progress.setRange(0, 1000)
            self.progress.setValue(min(1000, round(1000 * seconds / max(expected, seconds))))
        else:
            self.progress.setRange(0, progress.total)
            self.progress.setValue(progress.done)
        done = f"  ·  {progress.done} of {progress.total}" if progress.total else ""
        of = f" of about {max(expected, seconds):.1f}" if expected > 0 else ""
        self.stage.setText(f"{progress.stage.capitalize()}{done}  ·  {seconds:.1f}{of} s")

    def _on_nodes_picked(self, nodes: tuple[int, ...]) -> None:
        document = self.document
        if document is None:
            return
        known = tuple(node for node in nodes if node in document.times or node == document.failed_node)
        if not known:
            document.noticed.emit(
                "info", "That run was of another graph: switch to its passes to see where the node is."
            )
            return
        document.selection.select(known, ORIGIN)
        document.reveal(known[0])
        self.timeline.select_node(known[0])

    def _on_run_chosen(self, run: RunDone | None) -> None:
        if self.document is not None and run is not None:
            self.document.show_times_of(run)
            self._show_timeline(run)

    def _on_selection_changed(self, nodes: tuple[int, ...], origin: str) -> None:
        if not nodes:
            return
        if origin != ORIGIN:
            self.results.select_node(nodes[0])
            self.timeline.select_node(nodes[0])
        self._look_at_node(nodes[0])
