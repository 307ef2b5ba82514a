"""Looks at one value of the last run: statistics, histogram, picture, and its elements page by page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.events import ValueLooked
from jitviewer.protocol.run_rows import ValueLook
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.histogram import Histogram, MatrixPicture
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import caption, panel
from jitviewer.ui.widgets.tool_button import IconButton

PAGE_ROWS, PAGE_COLUMNS = 64, 16
"""How many elements the runner sends of a matrix."""

EMPTY = (
    "After a run, every value that flowed can be looked at: select a node, or an edge of the canvas, "
    "to see what it carried."
)


class ValuePanel(QWidget):
    """Attributes: `title`, `facts`, `table`, `slice`, `output`, `message`.

    Signals: part_wanted(name, (slice, first row, first column)), output_wanted(node id, output)
    """

    part_wanted = Signal(str, object)
    output_wanted = Signal(int, int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: ValueLooked | None = None
        self._outputs = 1
        self.message = wrapped(EMPTY, "dim")
        self.title = wrapped("", "heading")
        self.facts = wrapped()
        self.facts.setFont(fonts.mono(fonts.CAPTION))
        self.histogram = Histogram(themes)
        self.picture = MatrixPicture(themes)
        self.output = self._spin("Output of the node")
        self.slice = self._spin("Matrix, counted over the leading dimensions")
        self.output.valueChanged.connect(self._on_output_changed)
        self.slice.valueChanged.connect(lambda number: self._want(number, 0, 0))
        self._output_label, self._slice_label = caption("Output"), caption("Matrix")
        self._place = caption()
        self.buttons = tuple(
            IconButton(name, text, themes, lambda down=down, right=right: self._turn(down, right))
            for name, text, down, right in (
                ("previous", "Columns before", 0, -1), ("next", "Columns after", 0, 1),
                ("up", "Rows above", -1, 0), ("down", "Rows below", 1, 0),
            )
        )  # fmt: skip
        self.table = QTableWidget()
        self.table.setFont(fonts.mono(fonts.CAPTION))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setAccessibleName("Elements")
        self.table.verticalHeader().setDefaultSectionSize(20)
        self.table.horizontalHeader().setDefaultSectionSize(84)
        choices = QHBoxLayout()
        choices.setSpacing(6)
        for widget in (self._output_label, self.output, self._slice_label, self.slice):
            choices.addWidget(widget)
        choices.addStretch(1)
        pages = QHBoxLayout()
        pages.setSpacing(2)
        pages.addWidget(self._place)
        pages.addStretch(1)
        for button in self.buttons:
            pages.addWidget(button)
        inner = panel("form")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.message)
        column.addWidget(self.title)
        column.addLayout(choices)
        column.addWidget(self.facts)
        column.addWidget(self.histogram)
        column.addWidget(self.picture)
        column.addLayout(pages)
        column.addWidget(self.table, 1)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.show_nothing()

    def show_nothing(self, sentence: str = EMPTY) -> None:
        """Say why there is no value."""
        self._value = None
        self.message.setText(sentence)
        self.message.show()
        for widget in self._details():
            widget.hide()

    def show_value(self, value: ValueLooked, outputs: int = 1) -> None:
        """Show a value, one of as many outputs of its node."""
        if value.look is None:
            self.show_nothing(value.why_not)
            return
        look = value.look
        self._value, self._outputs = value, max(1, outputs)
        self.message.hide()
        self.title.setText(f"{value.name}  {look.type}")
        width = max((len(fact.name) for fact in look.facts), default=0)
        self.facts.setText("\n".join(f"{fact.name:<{width}}  {fact.text}" for fact in look.facts))
        self.histogram.set_look(look)
        self.picture.set_look(look)
        self._set(self.output, value.index, self._outputs - 1)
        self._set(self.slice, look.slice, look.slices - 1)
        self._fill_table(look)
        shown: dict[QWidget, bool] = {
            self._output_label: self._outputs > 1, self.output: self._outputs > 1,
            self._slice_label: look.slices > 1, self.slice: look.slices > 1,
            self.histogram: bool(look.histogram), self.picture: bool(look.picture) and look.rows > 1,
        }  # fmt: skip
        for widget in self._details():
            widget.setVisible(shown.get(widget, True))
        is_paged = look.rows > PAGE_ROWS or look.columns > PAGE_COLUMNS
        for widget in (self._place, *self.buttons):
            widget.setVisible(is_paged and bool(look.cells))
        self.table.setVisible(bool(look.cells))

    def _details(self) -> tuple[QWidget, ...]:
        return (
            self.title, self.facts, self.histogram, self.picture, self._output_label, self.output,
            self._slice_label, self.slice, self._place, *self.buttons, self.table,
        )  # fmt: skip

    def _fill_table(self, look: ValueLook) -> None:
        rows, columns = len(look.cells), len(look.cells[0]) if look.cells else 0
        self.table.clear()
        self.table.setRowCount(rows)
        self.table.setColumnCount(columns)
        self.table.setVerticalHeaderLabels([str(look.first_row + at) for at in range(rows)])
        self.table.setHorizontalHeaderLabels([str(look.first_column + at) for at in range(columns)])
        for row, line in enumerate(look.cells):
            for column, text in enumerate(line):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.setMinimumHeight(min(320, 28 + 20 * max(1, rows) + 14))
        last_row, last_column = look.first_row + rows, look.first_column + columns
        self._place.setText(
            f"Rows {look.first_row:,} to {last_row - 1:,} of {look.rows:,}, "
            f"columns {look.first_column:,} to {last_column - 1:,} of {look.columns:,}"
        )
        enabled = (
            look.first_column > 0,
            last_column < look.columns,
            look.first_row > 0,
            last_row < look.rows,
        )
        for button, is_enabled in zip(self.buttons, enabled, strict=True):
            button.setEnabled(is_enabled)

    def _turn(self, down: int, right: int) -> None:
        look = self._value.look if self._value is not None else None
        if look is not None:
            self._want(
                look.slice, look.first_row + down * PAGE_ROWS, look.first_column + right * PAGE_COLUMNS
            )

    def _want(self, number: int, row: int, column: int) -> None:
        if self._value is not None:
            self.part_wanted.emit(self._value.name, (number, max(0, row), max(0, column)))

    def _on_output_changed(self, number: int) -> None:
        if self._value is not None:
            self.output_wanted.emit(self._value.node_id, number)

    @staticmethod
    def _set(field: QSpinBox, value: int, most: int) -> None:
        field.blockSignals(True)
        field.setRange(0, max(0, most))
        field.setValue(value)
        field.blockSignals(False)

    @staticmethod
    def _spin(name: str) -> QSpinBox:
        field = QSpinBox()
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setMinimumWidth(64)
        return field
