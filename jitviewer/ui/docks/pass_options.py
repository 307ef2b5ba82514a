"""The options of the chosen pass: a check box each, or a field for what is no switch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.models.pass_specs import from_one_line, in_one_line
from jitviewer.ui.widgets.plain import PlainLabel, key_text, plain_tip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitviewer.protocol.rows import PassRow

_TRUE, _FALSE = "true", "false"
_LONGEST = 10_000
"""Letters of an option that is a text."""

W = TypeVar("W", bound=QWidget)


class PassOptions(QWidget):
    """Shows what can be chosen of a pass.

    Attributes: `boxes` and `fields`, by the names of options. Signals: chosen(option, value), as in specs
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self.fields: dict[str, QLineEdit] = {}
        self._widgets: list[QWidget] = []
        self._pass = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_pass(self, row: PassRow | None, values: Mapping[str, str]) -> None:
        """Show the options of a pass with what is chosen; hidden where there are none."""
        name = row.name if row is not None else ""
        if name != self._pass:
            self._pass = name
            self._make_widgets(row)
        for option in row.options if row is not None else ():
            box = self.boxes.get(option.name)
            if box is not None:
                box.blockSignals(True)
                box.setChecked(values.get(option.name, option.default) == _TRUE)
                box.blockSignals(False)
            field = self.fields.get(option.name)
            if field is not None:
                field.setText(plain_line(in_one_line(values.get(option.name, option.default))))
                field.setCursorPosition(0)
                # An edit is one that a person made since.
                field.setModified(False)
        self.setVisible(bool(self.boxes or self.fields))

    def _make_widgets(self, row: PassRow | None) -> None:
        for widget in self._widgets:
            self._column.removeWidget(widget)
            widget.deleteLater()
        self._widgets.clear()
        self.boxes.clear()
        self.fields.clear()
        for option in row.options if row is not None else ():
            name = option.name.replace("_", " ").capitalize()
            if option.kind == "bool":
                box = QCheckBox(key_text(name))
                box.setToolTip(plain_tip(f"{option.summary.capitalize()}. In pipelines: {option.name}=true"))
                box.toggled.connect(partial(self._on_toggled, option.name))
                self.boxes[option.name] = self._add(box)
                continue
            field = QLineEdit()
            field.setMaxLength(_LONGEST)
            field.setToolTip(plain_tip(f"{option.summary.capitalize()}. \\n stands for the end of a line."))
            field.editingFinished.connect(partial(self._on_edited, option.name))
            label = self._add(PlainLabel(name))
            label.setBuddy(field)
            self.fields[option.name] = self._add(field)

    def _add(self, widget: W) -> W:
        self._column.addWidget(widget)
        self._widgets.append(widget)
        return widget

    def _on_edited(self, name: str) -> None:
        field = self.fields[name]
        if field.isModified():
            field.setModified(False)
            self.chosen.emit(name, from_one_line(field.text()))

    def _on_toggled(self, name: str, is_on: bool) -> None:
        self.chosen.emit(name, _TRUE if is_on else _FALSE)
