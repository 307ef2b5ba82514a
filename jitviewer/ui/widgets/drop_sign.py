"""Says over the whole window what dropping files on it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from jitviewer.ui.models.formatting import plural
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import panel


class DropSign(QWidget):
    """Lies over its parent, as large as that, while files are carried over it. Attributes: `sentence`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = parent
        self.setObjectName("dropSign")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        card = panel("dropCard")
        self.sentence = wrapped("", "heading")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMinimumWidth(320)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(24, 20, 24, 20)
        inner.addWidget(self.sentence)
        column = QVBoxLayout(self)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        parent.installEventFilter(self)
        self.hide()

    def show_files(self, paths: Sequence[str]) -> None:
        """Say what dropping these does."""
        if len(paths) == 1:
            self.sentence.setText(f"Drop to open {Path(paths[0]).name} in a tab of its own")
        else:
            self.sentence.setText(f"Drop to open {plural(len(paths), 'file')} in tabs, the last in front")
        self.resize(self._under.size())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: stay as large as the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.resize(self._under.size())
        return super().eventFilter(watched, event)
