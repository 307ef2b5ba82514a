"""The switch between workspaces: one button each, in one frame, the present one pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget


class WorkspaceSwitch(QFrame):
    """Attributes: `buttons`, in the order of the workspaces."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspaces")
        self.setAccessibleName("Workspaces")
        line = QHBoxLayout(self)
        line.setContentsMargins(2, 2, 2, 2)
        line.setSpacing(2)
        self.buttons = [self._button(action) for action in actions]
        for button in self.buttons:
            line.addWidget(button)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        # A click leaves the caret where it is.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
