"""Chooses which passes of the catalogue are listed: by a word, by a family, or those that are on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import PassRow

_ALL, _ON = "All families", "Switched on"


class PassFilter(QWidget):
    """Attributes: `field`, `family`. Signals: changed(): other passes are to be listed"""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(placeholderText="Filter", clearButtonEnabled=True)
        self.field.setAccessibleName("Filter the passes")
        self.field.textChanged.connect(self.changed)
        self.family = QComboBox()
        self.family.setAccessibleName("Family of passes")
        self.family.currentIndexChanged.connect(self.changed)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 6)
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.family)
        self.set_catalogue(())

    def set_catalogue(self, rows: Sequence[PassRow]) -> None:
        """Offer the families of these passes."""
        chosen = self.family.currentText()
        self.family.blockSignals(True)
        self.family.clear()
        families = dict.fromkeys(plain_line(row.family) for row in rows if row.family)
        self.family.addItems([_ALL, _ON, *families])
        self.family.setCurrentIndex(max(0, self.family.findText(chosen)))
        self.family.blockSignals(False)

    def lets_through(self, row: PassRow, is_on: bool) -> bool:
        """Whether a pass is to be listed."""
        family = self.family.currentText()
        if family == _ON and not is_on:
            return False
        if family not in (_ALL, _ON) and plain_line(row.family) != family:
            return False
        words = f"{row.name} {row.summary} {row.counterpart}".casefold()
        return all(word in words for word in self.field.text().casefold().split())
