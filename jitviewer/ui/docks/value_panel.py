"""Looks at one value of the last run: statistics, histogram, picture, and its elements page by page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from jitviewer.protocol.events import ValueLooked
from jitviewer.ui.docks.look_view import PAGE_COLUMNS, PAGE_ROWS, LookView
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.number_field import number_field, set_number
from jitviewer.ui.widgets.styled import caption, panel

__all__ = ["EMPTY", "PAGE_COLUMNS", "PAGE_ROWS", "ValuePanel"]

EMPTY = (
    "After a run, every value that flowed can be looked at: select a node, or an edge of the canvas, "
    "to see what it carried."
)


class ValuePanel(QWidget):
    """Attributes: `title`, `output`, `message`, `look` (the view of the value), and of that `facts`, `table`,
    `slice`, `picture`, `buttons`.

    Signals: part_wanted(name, (slice, first row, first column)), output_wanted(node id, output)
    """

    part_wanted = Signal(str, object)
    output_wanted = Signal(int, int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: ValueLooked | None = None
        self.message = wrapped(EMPTY, "dim")
        self.title = wrapped("", "heading")
        self.look = LookView(themes)
        self.facts, self.table, self.slice = self.look.facts, self.look.table, self.look.slice
        self.picture, self.buttons = self.look.picture, self.look.buttons
        self.look.part_wanted.connect(self._on_part_wanted)
        self.output = number_field("Output of the node", width=64)
        self.output.valueChanged.connect(self._on_output_changed)
        self._output_label = caption("Output")
        self.look.choices.insertWidget(0, self._output_label)
        self.look.choices.insertWidget(1, self.output)
        inner = panel("form")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.message)
        column.addWidget(self.title)
        column.addWidget(self.look, 1)
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
        self.title.hide()
        self.look.hide()

    def show_value(self, value: ValueLooked, outputs: int = 1) -> None:
        """Show a value, one of as many outputs of its node."""
        if value.look is None:
            self.show_nothing(value.why_not)
            return
        self._value = value
        self.message.hide()
        self.title.setText(f"{value.name}  {value.look.type}")
        self.title.show()
        set_number(self.output, value.index, outputs - 1)
        for widget in (self._output_label, self.output):
            widget.setVisible(outputs > 1)
        self.look.show_look(value.look)
        self.look.show()

    def _on_part_wanted(self, part: tuple[int, int, int]) -> None:
        if self._value is not None:
            self.part_wanted.emit(self._value.name, part)

    def _on_output_changed(self, number: int) -> None:
        if self._value is not None:
            self.output_wanted.emit(self._value.node_id, number)
