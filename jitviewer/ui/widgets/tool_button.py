"""Small buttons with one of our icons, which follow the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import icon
from jitviewer.ui.widgets.plain import set_tip


class IconButton(QToolButton):
    """A button with an icon, a tool tip that names its keys, and an accessible name."""

    def __init__(
        self,
        name: str,
        text: str,
        themes: ThemeManager,
        on_click: Callable[[], object] | None = None,
        keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._themes = themes
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        set_tip(self, f"{text} ({shown})" if shown else text)
        self.setAccessibleName(plain_line(text))
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)
        if on_click is not None:
            # Not the callable itself, which would be given the state of the button.
            self.clicked.connect(lambda _checked=False: on_click())
        themes.theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def offer(self, menu: QMenu) -> None:
        """Open a menu instead of doing one thing."""
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def become(self, name: str, text: str) -> None:
        """Show another icon and say another thing."""
        self._name = name
        set_tip(self, text)
        self.setAccessibleName(plain_line(text))
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self.setIcon(icon(self._name, self._themes.theme))
