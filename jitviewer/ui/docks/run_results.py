"""What a run gave: outputs, the time of the whole, and the time of each node or group of nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QScrollArea,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from jitviewer.folded_frames import folded_frames
from jitviewer.protocol.bounds import DETAIL, SENTENCE, cut, cut_block, first, more
from jitviewer.protocol.events import RunDone, RunStopped
from jitviewer.protocol.rows import ValueRow
from jitviewer.ui.docks.roofline_view import RooflineView
from jitviewer.ui.docks.run_chooser import RunChooser
from jitviewer.ui.docks.time_delegate import TimeDelegate
from jitviewer.ui.models.formatting import bytes_text, plural, time_text
from jitviewer.ui.models.time_groups import GROUPINGS
from jitviewer.ui.models.time_model import GROUP_ROLE, TimeModel
from jitviewer.ui.models.time_totals import totals_line, totals_tip
from jitviewer.ui.services.run_exports import write_csv, write_trace
from jitviewer.ui.services.turns import Turns
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.segments import segment_button
from jitviewer.ui.widgets.styled import caption, styled

_PRINTED_LINES = 40
"""Lines of what a program printed that are shown: as many as a dock has room for."""

_OUTPUTS = 100
_NOTES = 20
"""Outputs and notes that labels show."""

_HEADINGS = {"failed": "The run failed. ", "cancelled": "", "died": ""}


class RunResults(QWidget):
    """Attributes: `model` and `table` of times, `chooser` of runs, `grouping`, `export`, `roofline`, which
    `roofline_button` shows in place of the table, `outputs`, `summary`, `banner` (why there is no result),
    `nan` (where the first NaN came from).

    Signals: nodes_picked(tuple of node ids); run_chosen(RunDone): another run is shown
    """

    nodes_picked = Signal(object)
    run_chosen = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.banner = Banner(themes)
        self.banner.action_triggered.connect(self._on_failure_picked)
        self._stopped: RunStopped | None = None
        self.nan = Banner(themes)
        self.nan.action_triggered.connect(self._on_nan_picked)
        self.saved = Banner(themes)
        self.trace_button = styled(QPushButton("Show the traceback"), "link")
        self.trace_button.setCheckable(True)
        self.frames_button = styled(QPushButton("Show all frames"), "link")
        self.frames_button.setCheckable(True)
        self.frames_button.toggled.connect(self._on_frames_toggled)
        self.copy_button = styled(QPushButton("Copy"), "link")
        self.copy_button.clicked.connect(self._on_copy)
        self.trace = wrapped()
        self.trace.setFont(fonts.mono(fonts.CAPTION))
        self.trace.setContentsMargins(12, 4, 12, 8)
        self.trace.setAlignment(Qt.AlignmentFlag.AlignTop)
        # As many lines as the dock has room for: all of them would make the window as high as they are.
        self._trace_area = QScrollArea(widgetResizable=True)
        self._trace_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._trace_area.setWidget(self.trace)
        self.trace.setAutoFillBackground(False)
        # In a line of its own, so that it stands under the sentence and not at the rim.
        self._trace_line = QWidget()
        trace_line = QHBoxLayout(self._trace_line)
        trace_line.setContentsMargins(34, 4, 12, 4)
        trace_line.setSpacing(12)
        for button in (self.trace_button, self.frames_button, self.copy_button):
            trace_line.addWidget(button)
        trace_line.addStretch(1)
        self.trace_button.toggled.connect(self._on_trace_toggled)
        self.chooser = RunChooser()
        self.chooser.changed.connect(self._on_run_chosen)
        self.summary = wrapped("", "heading")
        self.summary.setContentsMargins(12, 10, 12, 0)
        self.detail = wrapped("", "caption")
        self.detail.setContentsMargins(12, 2, 12, 6)
        self.outputs = wrapped()
        self.outputs.setFont(fonts.mono(fonts.CAPTION))
        self.outputs.setContentsMargins(12, 2, 12, 8)
        self.model = TimeModel(self)
        self.table = self._make_table(themes)
        self.grouping = QComboBox()
        self.grouping.addItems([f"By {name.lower()}" for name in GROUPINGS])
        self.grouping.setAccessibleName("Sum the times up by")
        self.grouping.currentIndexChanged.connect(self._on_grouping_changed)
        self.roofline = RooflineView(themes)
        self.roofline.nodes_picked.connect(self.nodes_picked)
        self.roofline_button = segment_button("Roofline", "How near nodes come to what this machine can do")
        self.roofline_button.toggled.connect(self._on_roofline_toggled)
        self.export = self._make_export()
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(12, 2, 12, 6)
        tools.setSpacing(4)
        tools.addWidget(caption("Times", "section"))
        tools.addStretch(1)
        tools.addWidget(self.roofline_button)
        tools.addWidget(self.grouping)
        tools.addWidget(self.export)
        self._caption = caption("Outputs", "section")
        self._caption.setContentsMargins(12, 2, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._trace_line)
        column.addWidget(self._trace_area, 100)
        for widget in (
            self.nan, self.saved, self.chooser, self.summary, self.detail, self._caption,
            self.outputs, self._tools,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addWidget(self.table, 100)
        column.addWidget(self.roofline, 100)
        column.addStretch(1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """There was no run."""
        for widget in (
            self.banner, self._trace_line, self._trace_area, self.nan, self.saved, self.chooser, self.summary,
            self.detail, self._caption, self.outputs, self._tools, self.table, self.roofline, self,
        ):  # fmt: skip
            widget.hide()

    def show_runs(self, runs: Sequence[RunDone], turns: Turns) -> None:
        """Show the finished runs of a method, the newest first if it is new; the table a turn later."""
        self.show_nothing()
        self._stopped = None
        self.show()
        self.chooser.set_runs(runs)
        self._show_current()
        turns.later(self._fill_table)

    def _show_current(self) -> None:
        result = self.chooser.current()
        if result is None:
            return
        wall = result.wall_us
        self.summary.setText(
            f"{time_text(median(wall))} on {result.device}" if wall else f"Done on {result.device}"
        )
        words = _words_about(result)
        tip = totals_tip(result)
        set_tip(self.summary, tip)
        set_tip(self.detail, tip)
        self.detail.setText("\n".join(words))
        self.detail.setVisible(bool(words))
        self.outputs.setText(_outputs(result.outputs))
        self.summary.show()
        self._caption.setVisible(bool(result.outputs))
        self.outputs.setVisible(bool(result.outputs))
        self._show_times(bool(result.times))
        self._tools.setVisible(bool(result.times))
        self.nan.hide()
        if result.first_nan >= 0:
            kind = next((row.kind for row in result.times if row.node_id == result.first_nan), "node")
            self.nan.show_message(
                "warning", f"The first NaN came from {kind} #{result.first_nan}.", "Show it"
            )

    def _fill_table(self) -> None:
        if self._stopped is not None:
            self.model.set_times(self._stopped.times)
            self._fit_columns(0)
            self._fill_roofline()
            return
        result = self.chooser.current()
        if result is not None:
            others = [(f"Run {other.number}", other.times) for other in self.chooser.compared()]
            self.model.set_times(result.times, others, result.machine)
            self._fit_columns(len(others))
            self._fill_roofline()

    def _fill_roofline(self) -> None:
        if self.roofline_button.isChecked():
            self.roofline.show_groups(self.model.groups(), self.model.machine)

    def _show_times(self, are_there: bool) -> None:
        """Show the table, or the roofline instead."""
        self.table.setVisible(are_there and not self.roofline_button.isChecked())
        self.roofline.setVisible(are_there and self.roofline_button.isChecked())

    def _on_roofline_toggled(self) -> None:
        self._fill_roofline()
        self._show_times(True)

    def show_stopped(self, stopped: RunStopped, turns: Turns) -> None:
        """Say why there is no result, and show the times until then; the table a turn later."""
        self.show_nothing()
        self._stopped = stopped
        self.show()
        level = "error" if stopped.reason == "failed" else "warning"
        where = "Show where" if stopped.node_id >= 0 else ""
        self.banner.show_message(level, _HEADINGS.get(stopped.reason, "") + stopped.sentence, where)
        self.frames_button.setChecked(False)
        self._on_frames_toggled(False)
        self.trace_button.setChecked(False)
        self._on_trace_toggled(False)
        self._trace_line.setVisible(bool(stopped.traceback))
        set_tip(self.detail, "")
        if stopped.times:
            self.detail.setText(f"{plural(len(stopped.times), 'node')} ran before; these are their times.")
            self.detail.show()
            self._show_times(True)
            self._tools.show()
            turns.later(self._fill_table)

    def select_node(self, node_id: int) -> None:
        """Show the line of a node as the current one, and its point."""
        self.roofline.select_node(node_id)
        row = self.model.row_of_node(node_id)
        if row >= 0 and self.table.isVisible():
            self.table.blockSignals(True)
            self.table.selectRow(row)
            self.table.blockSignals(False)

    def save_csv(self, path: str) -> None:
        """Write the table as it is shown."""
        self._tell(write_csv(path, self.model.lines()), path)

    def save_trace(self, path: str) -> None:
        """Write the timeline of the shown run."""
        if self._stopped is not None:
            self.saved.show_message("error", "A run that failed has no timeline; the table can be saved.")
            return
        result = self.chooser.current()
        if result is not None:
            self._tell(write_trace(path, result.spans, result.memory.points), path)

    def _tell(self, problem: str, path: str) -> None:
        if problem:
            self.saved.show_message("error", problem)
        else:
            self.saved.show_message("info", f"Saved {Path(path).name}.")

    def _on_trace_toggled(self, is_shown: bool) -> None:
        self._trace_area.setVisible(is_shown)
        self.trace_button.setText("Hide the traceback" if is_shown else "Show the traceback")
        whole = self._stopped.traceback if self._stopped is not None else ""
        self.frames_button.setVisible(is_shown and folded_frames(whole) != whole)
        self.copy_button.setVisible(is_shown)

    def _on_frames_toggled(self, is_whole: bool) -> None:
        """Show every frame that led to where a run failed, or the first and the last of many."""
        whole = self._stopped.traceback if self._stopped is not None else ""
        self.trace.setText(whole if is_whole else folded_frames(whole))
        self.frames_button.setText("Fewer frames" if is_whole else "All frames")

    def _on_copy(self) -> None:
        """Copying gives every frame, whatever is shown."""
        if self._stopped is not None:
            QGuiApplication.clipboard().setText(self._stopped.traceback)

    def _on_run_chosen(self) -> None:
        self._show_current()
        self._fill_table()
        self.run_chosen.emit(self.chooser.current())

    def _on_grouping_changed(self, grouping: int) -> None:
        self.model.set_grouping(grouping)
        self._fill_roofline()

    def _on_failure_picked(self) -> None:
        if self._stopped is not None and self._stopped.node_id >= 0:
            self.nodes_picked.emit((self._stopped.node_id,))

    def _on_nan_picked(self) -> None:
        result = self.chooser.current()
        if result is not None and result.first_nan >= 0:
            self.nodes_picked.emit((result.first_nan,))

    def _make_export(self) -> QToolButton:
        button = QToolButton()
        button.setText("Export")
        button.setToolTip("Save the times to a file")
        button.setAccessibleName("Export the times")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(button)
        for text, name, kind, save in (
            ("Table as CSV…", "times.csv", "CSV (*.csv)", self.save_csv),
            ("Timeline for Perfetto and Chrome…", "trace.json", "Chrome trace (*.json)", self.save_trace),
        ):
            action = menu.addAction(text)
            action.triggered.connect(
                lambda _checked=False, name=name, kind=kind, save=save: self._ask_and_save(name, kind, save)
            )
        button.setMenu(menu)
        return button

    def _ask_and_save(self, name: str, kind: str, save: Callable[[str], None]) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save", name, kind)
        if path:
            save(path)

    def _make_table(self, themes: ThemeManager) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setItemDelegate(TimeDelegate(themes, table))
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        # What tells lines apart is at the end of their names.
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setAccessibleName("Times of nodes")
        table.setMinimumHeight(120)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((170, 72, 60, 72, 48, 72, 64, 72, 108, 76, 160)):
            header.resizeSection(column, width)
        table.clicked.connect(self._on_clicked)
        table.activated.connect(self._on_clicked)
        return table

    def _fit_columns(self, others: int) -> None:
        header = self.table.horizontalHeader()
        header.setStretchLastSection(not others)
        for at in range(others):
            section = self.model.columnCount() - others + at
            header.resizeSection(section, 112)
            # Beside the shares, where the eye compares.
            header.moveSection(header.visualIndex(section), 3 + at)

    def _on_clicked(self, index: QModelIndex) -> None:
        nodes = index.data(GROUP_ROLE).nodes
        if nodes:
            self.nodes_picked.emit(nodes)


def _words_about(result: RunDone) -> list[str]:
    wall = result.wall_us
    words: list[str] = []
    if len(wall) > 1:
        words.append(
            f"Median of {plural(len(wall), 'run')}, {time_text(min(wall))} to {time_text(max(wall))}."
        )
    words += [line for line in (totals_line(result),) if line]
    words += [cut(note, SENTENCE) for note in first(result.notes, _NOTES, partial(more, what="note"))]
    kept = result.kept
    if kept.dropped:
        words.append(
            f"{plural(kept.dropped, 'value')} of {bytes_text(kept.dropped_bytes)} cannot be looked at: "
            f"they did not fit into the {bytes_text(kept.budget)} that a run may keep."
        )
    if result.printed:
        lines = result.printed.rstrip().split("\n")
        words.append("Printed: " + "\n".join(lines[:_PRINTED_LINES]))
        if lines[_PRINTED_LINES:]:
            words.append(f"and {plural(len(lines) - _PRINTED_LINES, 'more line')}")
    return words


def _outputs(rows: Sequence[ValueRow]) -> str:
    """The first outputs, as many as a label lays out in no time; how many more there are is said."""
    shown = [
        _output(*(cut(words, DETAIL) for words in (row.name, row.type, row.text))) for row in rows[:_OUTPUTS]
    ]
    if len(rows) > _OUTPUTS:
        shown.append(more(len(rows) - _OUTPUTS, "output"))
    return cut_block("\n".join(shown))


def _output(name: str, kind: str, text: str) -> str:
    return f"{name}: {kind}\n{text}" if name else f"{kind}\n{text}"
