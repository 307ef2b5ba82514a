"""What a run gave: outputs, the time of the whole, and the time of each node."""

from __future__ import annotations

from statistics import median

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.events import RunDone, RunStopped
from jitviewer.ui.docks.time_delegate import TimeDelegate
from jitviewer.ui.models.formatting import plural, time_text
from jitviewer.ui.models.time_model import TIME_ROLE, TimeModel
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import caption, styled

_HEADINGS = {"failed": "The run failed. ", "cancelled": "", "died": ""}


class RunResults(QWidget):
    """Attributes: `model` and `table` of node times, `outputs`, `summary`, `banner`.

    Signals: node_picked(int)
    """

    node_picked = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.banner = Banner(themes)
        self.trace_button = styled(QPushButton("Show the traceback"), "link")
        self.trace_button.setCheckable(True)
        self.trace = wrapped()
        self.trace.setFont(fonts.mono(fonts.CAPTION))
        self.trace.setContentsMargins(12, 4, 12, 8)
        # In a line of its own, so that it stands under the sentence and not at the rim.
        trace_line = QHBoxLayout()
        trace_line.setContentsMargins(34, 4, 12, 4)
        trace_line.addWidget(self.trace_button)
        trace_line.addStretch(1)
        self.trace_button.toggled.connect(self._on_trace_toggled)
        self.summary = wrapped("", "heading")
        self.summary.setContentsMargins(12, 10, 12, 0)
        self.detail = wrapped("", "caption")
        self.detail.setContentsMargins(12, 2, 12, 6)
        self.outputs = wrapped()
        self.outputs.setFont(fonts.mono(fonts.CAPTION))
        self.outputs.setContentsMargins(12, 2, 12, 8)
        self.model = TimeModel(self)
        self.table = self._make_table(themes)
        self._caption = caption("Outputs", "section")
        self._caption.setContentsMargins(12, 2, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addLayout(trace_line)
        for widget in (self.trace, self.summary, self.detail, self._caption, self.outputs):
            column.addWidget(widget)
        column.addWidget(self.table, 100)
        column.addStretch(1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """There was no run."""
        for widget in (
            self.banner, self.trace_button, self.trace, self.summary, self.detail, self._caption,
            self.outputs, self.table, self,
        ):  # fmt: skip
            widget.hide()

    def show_result(self, result: RunDone) -> None:
        """Show a finished run."""
        self.show_nothing()
        self.show()
        wall = result.wall_us
        self.summary.setText(
            f"{time_text(median(wall))} on {result.device}" if wall else f"Done on {result.device}"
        )
        words: list[str] = []
        if len(wall) > 1:
            words.append(
                f"Median of {plural(len(wall), 'run')}, {time_text(min(wall))} to {time_text(max(wall))}."
            )
        words += result.notes
        if result.printed:
            words.append(f"Printed: {result.printed.rstrip()}")
        self.detail.setText("\n".join(words))
        self.detail.setVisible(bool(words))
        self.outputs.setText("\n".join(_output(row.name, row.type, row.text) for row in result.outputs))
        self.model.set_times(result.times)
        self.summary.show()
        self._caption.setVisible(bool(result.outputs))
        self.outputs.setVisible(bool(result.outputs))
        self.table.setVisible(bool(result.times))

    def show_stopped(self, stopped: RunStopped) -> None:
        """Say why there is no result."""
        self.show_nothing()
        self.show()
        level = "error" if stopped.reason == "failed" else "warning"
        self.banner.show_message(level, _HEADINGS.get(stopped.reason, "") + stopped.sentence)
        self.trace.setText(stopped.traceback)
        self.trace_button.setChecked(False)
        self.trace_button.setVisible(bool(stopped.traceback))

    def select_node(self, node_id: int) -> None:
        """Show the line of a node as the current one."""
        row = self.model.row_of_node(node_id)
        if row >= 0 and self.table.isVisible():
            self.table.blockSignals(True)
            self.table.selectRow(row)
            self.table.blockSignals(False)

    def _on_trace_toggled(self, is_shown: bool) -> None:
        self.trace.setVisible(is_shown)
        self.trace_button.setText("Hide the traceback" if is_shown else "Show the traceback")

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
        table.setAccessibleName("Time of each node")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((112, 72, 60, 72, 48, 200)):
            header.resizeSection(column, width)
        header.setStretchLastSection(True)
        table.clicked.connect(self._on_clicked)
        table.activated.connect(self._on_clicked)
        return table

    def _on_clicked(self, index: QModelIndex) -> None:
        self.node_picked.emit(index.data(TIME_ROLE).node_id)


def _output(name: str, kind: str, text: str) -> str:
    return f"{name}: {kind}\n{text}" if name else f"{kind}\n{text}"
