"""One look at a tensor: its facts, histogram, picture, and its elements page by page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from jitviewer.plain_text import plain_line
from jitviewer.protocol.run_rows import ValueLook
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.histogram import Histogram, MatrixPicture
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.number_field import number_field, set_number
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton

PAGE_ROWS, PAGE_COLUMNS = 64, 16
"""How many elements of a matrix are sent at once."""


class LookView(QWidget):
    """Attributes: `facts`, `histogram`, `picture`, `slice`, `choices` (its line), `buttons`, `table`.

    Signals: part_wanted((slice, first row, first column))
    """

    part_wanted = Signal(object)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: ValueLook | None = None
        self.facts = wrapped()
        self.facts.setFont(fonts.mono(fonts.CAPTION))
        self.histogram = Histogram(themes)
        self.picture = MatrixPicture(themes)
        self.slice = number_field("Matrix, counted over the leading dimensions", width=64)
        self.slice.valueChanged.connect(lambda number: self.part_wanted.emit((number, 0, 0)))
        self._slice_label, self._of_slices = caption("Matrix"), caption()
        self._place = wrapped("", "caption")
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
        self.choices = QHBoxLayout()
        self.choices.setSpacing(6)
        for widget in (self._slice_label, self.slice, self._of_slices):
            self.choices.addWidget(widget)
        self.choices.addStretch(1)
        pages = QHBoxLayout()
        pages.setSpacing(2)
        pages.addWidget(self._place, 1)
        for button in self.buttons:
            pages.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.choices)
        column.addWidget(self.facts)
        column.addWidget(self.histogram)
        column.addWidget(self.picture)
        column.addLayout(pages)
        column.addWidget(self.table, 1)

    def show_look(self, look: ValueLook) -> None:
        """Show a look."""
        self._look = look
        width = max((len(fact.name) for fact in look.facts), default=0)
        self.facts.setText("\n".join(f"{fact.name:<{width}}  {fact.text}" for fact in look.facts))
        self.facts.setVisible(bool(look.facts))
        self.histogram.set_look(look)
        self.histogram.setVisible(bool(look.histogram))
        self.picture.set_look(look)
        self.picture.setVisible(bool(look.picture) and look.rows > 1)
        set_number(self.slice, look.slice, look.slices - 1)
        self._of_slices.setText(f"of {look.slices:,}")
        for widget in (self._slice_label, self.slice, self._of_slices):
            widget.setVisible(look.slices > 1)
        self._fill_table(look)
        is_paged = look.rows > PAGE_ROWS or look.columns > PAGE_COLUMNS
        for widget in (self._place, *self.buttons):
            widget.setVisible(is_paged and bool(look.cells))
        self.table.setVisible(bool(look.cells))

    def _fill_table(self, look: ValueLook) -> None:
        rows, columns = len(look.cells), len(look.cells[0]) if look.cells else 0
        self.table.clear()
        self.table.setRowCount(rows)
        self.table.setColumnCount(columns)
        self.table.setVerticalHeaderLabels([str(look.first_row + at) for at in range(rows)])
        self.table.setHorizontalHeaderLabels([str(look.first_column + at) for at in range(columns)])
        for row, line in enumerate(look.cells):
            for column, text in enumerate(line):
                item = QTableWidgetItem(plain_line(text))
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
        look = self._look
        if look is not None:
            row = max(0, look.first_row + down * PAGE_ROWS)
            column = max(0, look.first_column + right * PAGE_COLUMNS)
            self.part_wanted.emit((look.slice, row, column))
