"""A message that fills a page: what happened, where, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.theme.icons import tinted
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.plain import PlainLabel, menu_text
from jitviewer.ui.widgets.styled import styled


class MessagePanel(QWidget):
    """A heading, a sentence, a place, and buttons; or a bar that moves while something is awaited.

    Signals: action_triggered(int): the number of the button that was pressed
    """

    action_triggered = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._themes = themes
        self._level = ""
        self._icon = PlainLabel()
        self.heading = styled(ElidedLabel("", Qt.TextElideMode.ElideMiddle), "heading")
        self.sentence = wrapped()
        self.place = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self.place.setObjectName("caption")
        self._bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(8)
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self._icon)
        title.addWidget(self.heading, 1)
        column.addLayout(title)
        column.addWidget(self.sentence)
        column.addWidget(self.place)
        column.addSpacing(8)
        column.addWidget(self._bar)
        column.addLayout(self._buttons)
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(560)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        # Between stretches it is as high as its words need at its width, however many they are.
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(holder)
        middle.addStretch(1)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(middle, 8)
        outer.addStretch(1)
        themes.theme_changed.connect(self._paint_icon)

    def show_progress(
        self, heading: str, place: str, sentence: str = "", actions: tuple[str, ...] = ()
    ) -> None:
        """Say what is going on, and what can be done if that takes long."""
        self._fill("", heading, sentence, place, actions)
        self._bar.show()

    def show_failure(self, heading: str, sentence: str, place: str, actions: tuple[str, ...]) -> None:
        """Say what went wrong and what can be done."""
        self._fill("error", heading, sentence, place, actions)
        self._bar.hide()

    def show_question(self, heading: str, sentence: str, place: str, actions: tuple[str, ...]) -> None:
        """Ask what to do."""
        self._fill("warning", heading, sentence, place, actions)
        self._bar.hide()

    def show_empty(self, heading: str, sentence: str, place: str, actions: tuple[str, ...]) -> None:
        """Say why there is nothing to see here, and what can be done."""
        self._fill("info", heading, sentence, place, actions)
        self._bar.hide()

    def _fill(self, level: str, heading: str, sentence: str, place: str, actions: tuple[str, ...]) -> None:
        self._level = level
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.place.setText(place)
        clear(self._buttons)
        for number, text in enumerate(actions):
            button = QPushButton(menu_text(text))
            if number == 0:
                button.setObjectName("primary")
            button.clicked.connect(lambda _checked=False, number=number: self.action_triggered.emit(number))
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        self._paint_icon()

    def _paint_icon(self) -> None:
        self._icon.setVisible(bool(self._level))
        if self._level:
            theme = self._themes.theme
            self._icon.setPixmap(tinted(self._level, theme.color(self._level)).pixmap(16, 16))
