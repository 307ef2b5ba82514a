"""The Python files that a person trusts, one below the other, each with a button that takes it back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.trust import TrustedContent
from jitviewer.ui.services.trusted_files import TrustedFiles
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.layouts import clear

_NONE = "None. A Python file is asked about before it is run."
_SOME = "They run without a question as long as they are what they were when you trusted them."


class TrustedFilesList(QWidget):
    """Attribute: `buttons`, in the order of the files."""

    def __init__(self, trusted: TrustedFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trusted = trusted
        self.buttons: list[QPushButton] = []
        self._words = wrapped("", "caption")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._words)
        column.addLayout(self._rows)
        trusted.changed.connect(self.fill)

    def fill(self) -> None:
        """List what is trusted now."""
        clear(self._rows)
        listed = self._trusted.listed()
        self.buttons = [self._add(known) for known in listed]
        self._words.setText(_SOME if listed else _NONE)

    def _add(self, known: TrustedContent) -> QPushButton:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(ElidedLabel(known.path, Qt.TextElideMode.ElideMiddle), 1)
        button = QPushButton("Take back")
        button.setAccessibleName(f"Ask again before {plain_line(known.path)} is run")
        button.clicked.connect(lambda: self._trusted.take_back(known))
        line.addWidget(button)
        self._rows.addWidget(row)
        return button
