"""The title of a dock, with its help in place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.tool_button import IconButton

_HEIGHT = 28
_HELP_ROOM = 12


class DockTitle(QWidget):
    """The name of a dock; where a tab says it already, what the dock is for. A question mark unfolds help.

    Attributes: `help`, `help_button`.
    """

    def __init__(self, dock: QDockWidget, themes: ThemeManager, tagline: str, help_text: str) -> None:
        super().__init__(dock)
        self._name, self._tagline = dock.windowTitle(), tagline
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label: QLabel = ElidedLabel(self._name)
        self.help = wrapped(help_text, "dockHelp")
        self.help.setContentsMargins(12, 0, 12, _HELP_ROOM)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.help.hide()
        self.help_button = IconButton("help", f"What {self._name} is for", themes)
        self.help_button.setCheckable(True)
        self.help_button.toggled.connect(self._on_toggled)
        head = QWidget()
        head.setFixedHeight(_HEIGHT)
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(0)
        line.addWidget(self._label, 1)
        line.addWidget(self.help_button)
        line.addWidget(IconButton("close", f"Hide {self._name}", themes, dock.close))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.help)
        column.addStretch(1)

    def set_tab(self, is_tab: bool) -> None:
        """Say whether the dock is one of several tabs, which show its name."""
        self._label.setText(self._tagline if is_tab else self._name)
        self._label.setProperty("tagline", is_tab)
        self._label.style().unpolish(self._label)
        self._label.style().polish(self._label)

    def _on_toggled(self, is_shown: bool) -> None:
        self.help.setVisible(is_shown)
        self._fit()

    def _fit(self) -> None:
        room = self.help.heightForWidth(self.width()) if self.help_button.isChecked() else 0
        self.setFixedHeight(_HEIGHT + max(0, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width breaks the help into other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        """Qt: any width, and the lines that there are."""
        return QSize(80, max(_HEIGHT, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        """Qt: as the hint."""
        return self.sizeHint()
