"""Asks in place for the inputs that an object of a Python file is to be traced with."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.protocol.rows import InputRow
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.input_field import InputField
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.styled import styled

_MOST_HEIGHT = 220


class TraceBar(QFrame):
    """A field for each input; while the object is called, a bar that moves and a way to stop it.

    Hidden until `ask`. Attributes: `heading`, `fields`, `button` (traces, or stops), `why` (asks why the
    trace differs), `progress`.
    Signals: given(str, str, list): name of the object, arguments of its constructor, inputs as written;
    why_given(str, str, list): the same, to learn why a trace differs;
    stopped(): the person wants no trace any more
    """

    given = Signal(str, str, list)
    why_given = Signal(str, str, list)
    stopped = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._themes = themes
        self._name = self._arguments = ""
        self._is_tracing = self._wants_why = self._has_asked_why = False
        self.fields: list[InputField] = []
        self.heading = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setRange(0, 0)
        self.progress.setFixedWidth(120)
        self.button = styled(QPushButton("Trace"), "primary")
        self.why = QPushButton("Why does it differ?")
        self.why.setToolTip("Run it, its trace and its script on many inputs, and say why they part")
        self._why_none = wrapped("It takes no inputs: a trace is made of what happens to them.", "caption")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.heading, 1)
        line.addWidget(self.progress)
        line.addWidget(self.why)
        line.addWidget(self.button)
        body = QWidget()
        self._rows = QVBoxLayout(body)
        self._rows.setContentsMargins(0, 0, 8, 0)
        self._rows.setSpacing(8)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self._why_none)
        column.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.button.clicked.connect(self._on_button)
        self.why.clicked.connect(self._on_why)
        self.hide()

    def ask(self, name: str, arguments: str, rows: list[InputRow], wants_why: bool = False) -> None:
        """Ask for the inputs of an object, with what is proposed for them; Enter then traces it or, if the
        person `wants_why`, asks why the trace differs."""
        self._name, self._arguments, self._wants_why = name, arguments, wants_why
        self._has_asked_why = False
        clear(self._rows)
        self.fields = [InputField(row, self._themes, at) for at, row in enumerate(rows)]
        for field in self.fields:
            field.submitted.connect(self._on_why if wants_why else self._on_given)
            self._rows.addWidget(field)
        self._why_none.setVisible(not rows)
        self._area.setVisible(bool(rows))
        for button, is_first in ((self.why, wants_why), (self.button, not wants_why)):
            styled(button, "primary" if is_first else "")
            button.style().unpolish(button)
            button.style().polish(button)
        self._show_state(is_tracing=False)
        self.show()
        self._fit()
        if self.fields:
            self.fields[0].spec.setFocus()
        else:
            (self.why if wants_why else self.button).setFocus()

    def show_tracing(self, name: str) -> None:
        """Say that an object is being traced, until `end`; the fields go."""
        self._name = name
        self._why_none.hide()
        self._area.hide()
        self._show_state(is_tracing=True)
        self.show()

    def end(self, is_made: bool) -> None:
        """Nothing is traced any more: the fields come back, if there were any, unless the trace is made."""
        if not self._is_tracing:
            return
        self._show_state(is_tracing=False)
        self._area.setVisible(bool(self.fields))
        self.setVisible(not is_made and bool(self.fields))

    def come_back(self) -> None:
        """Show again the inputs that were given to learn why: nothing came of it; others may do."""
        if self._has_asked_why and not self._is_tracing:
            self.show()

    def leave(self) -> None:
        """Something else is shown: hide, unless the person is at a field, or wants to know why a trace
        differs, for which nothing need be shown."""
        is_at_a_field = any(field.spec.hasFocus() for field in self.fields)
        if not (self._is_tracing or self._wants_why or is_at_a_field):
            self.hide()

    def _show_state(self, is_tracing: bool) -> None:
        self._is_tracing = is_tracing
        call = f"{self._name}({self._arguments})" if self._arguments else self._name
        asked = f"Trace {call} with these inputs"
        if self._wants_why:
            asked = f"Why does a trace of {call} differ, made with these inputs?"
        self.heading.setText(f"Tracing {call}…" if is_tracing else asked)
        self.why.setVisible(not is_tracing)
        self.progress.setVisible(is_tracing)
        self.button.setText("Stop" if is_tracing else "Trace")
        self.button.setEnabled(is_tracing or bool(self.fields))

    def _fit(self) -> None:
        # The hint of what holds them still counts those that were there before.
        heights = [field.sizeHint().height() + self._rows.spacing() for field in self.fields]
        self._area.setFixedHeight(min(_MOST_HEIGHT, sum(heights)))

    def _on_button(self) -> None:
        if self._is_tracing:
            self.button.setEnabled(False)
            self.heading.setText("Stopping…")
            self.stopped.emit()
        else:
            self._on_given()

    def _on_given(self) -> None:
        self.given.emit(self._name, self._arguments, self._texts())

    def _on_why(self) -> None:
        self._has_asked_why = True
        self.hide()
        self.why_given.emit(self._name, self._arguments, self._texts())

    def _texts(self) -> list[str]:
        """The inputs as written, without those at the end that are left out."""
        texts = [field.spec.text().strip() for field in self.fields]
        while texts and not texts[-1] and not self.fields[len(texts) - 1].row.required:
            texts.pop()
        return texts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape gives up, or stops what is traced."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._is_tracing:
            self._on_button()
        else:
            self.hide()
