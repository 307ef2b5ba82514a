"""A sentence in place, with an icon, at most one action, and a cross to dismiss it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from jitviewer.plain_text import plain_lines
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import tinted
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import PlainLabel, key_text


class Banner(QFrame):
    """Hidden until `show_message`.

    Signals: action_triggered(): the person chose the offered action; dismissed(): or the cross
    """

    action_triggered = Signal()
    dismissed = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setObjectName("banner")
        self.level = "info"
        self._icon = PlainLabel()
        self.sentence = wrapped()
        self._action = QPushButton()
        self._action.hide()
        self._action.clicked.connect(self.action_triggered)
        self._close = QToolButton()
        self._close.setToolTip("Dismiss")
        self._close.setAccessibleName("Dismiss this message")
        self._close.setIconSize(QSize(12, 12))
        self._close.clicked.connect(self._on_closed)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.sentence, 1)
        line.addWidget(self._action)
        line.addWidget(self._close)
        themes.theme_changed.connect(self._paint_icons)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def _on_closed(self) -> None:
        self.hide()
        self.dismissed.emit()

    def show_message(self, level: str, sentence: str, action: str = "") -> None:
        """Show one sentence; `level` is info, warning or error; `action` is the text of a button."""
        self.level = level
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        self.sentence.setText(sentence)
        self._action.setText(key_text(action))
        self._action.setVisible(bool(action))
        self.setAccessibleName(plain_lines(f"{level}: {sentence}"))
        self._paint_icons()
        self.show()

    def _paint_icons(self) -> None:
        theme = self._themes.theme
        self._icon.setPixmap(tinted(self.level, theme.color(self.level)).pixmap(16, 16))
        self._close.setIcon(tinted("close", theme.color("text_dim")))
