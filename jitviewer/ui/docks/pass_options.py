"""The options of the chosen pass, a check box each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from jitviewer.ui.widgets.plain import key_text, plain_tip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitviewer.protocol.rows import PassRow

_TRUE, _FALSE = "true", "false"


class PassOptions(QWidget):
    """Shows what can be chosen of a pass. Options that are no switches are left to the command line.

    Attributes: `boxes`, by the names of options. Signals: chosen(option, value)
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self._pass = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_pass(self, row: PassRow | None, values: Mapping[str, str]) -> None:
        """Show the options of a pass with what is chosen; hidden where there are none."""
        name = row.name if row is not None else ""
        if name != self._pass:
            self._pass = name
            self._make_boxes(row)
        for option in row.options if row is not None else ():
            box = self.boxes.get(option.name)
            if box is not None:
                box.blockSignals(True)
                box.setChecked(values.get(option.name, option.default) == _TRUE)
                box.blockSignals(False)
        self.setVisible(bool(self.boxes))

    def _make_boxes(self, row: PassRow | None) -> None:
        for box in self.boxes.values():
            self._column.removeWidget(box)
            box.deleteLater()
        self.boxes.clear()
        for option in row.options if row is not None else ():
            if option.kind != "bool":
                continue
            box = QCheckBox(key_text(option.name.replace("_", " ").capitalize()))
            box.setToolTip(plain_tip(f"{option.summary.capitalize()}. In pipelines: {option.name}=true"))
            box.toggled.connect(partial(self._on_toggled, option.name))
            self._column.addWidget(box)
            self.boxes[option.name] = box

    def _on_toggled(self, name: str, is_on: bool) -> None:
        self.chosen.emit(name, _TRUE if is_on else _FALSE)
