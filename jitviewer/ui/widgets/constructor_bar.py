"""Asks in place for the constructor arguments of a class of a Python file."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.plain import PlainLabel, set_tip
from jitviewer.ui.widgets.styled import styled


class ConstructorBar(QFrame):
    """`Net( ... )` with a field between the parentheses; hidden until `ask`. Attributes: `field`, `button`
    (compiles), `trace`, `why`.

    Signals: given(str, str): name of the class, and the arguments as written; trace_wanted(str, str): the
    same, of a class that is to be traced; why_wanted(str, str): and of one whose trace is to be compared
    """

    given = Signal(str, str)
    trace_wanted = Signal(str, str)
    why_wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._name = ""
        self._before, self._after = ElidedLabel("", Qt.TextElideMode.ElideMiddle), PlainLabel(")")
        self._before.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.field = QLineEdit()
        self.field.setAccessibleName("Constructor arguments")
        self.button = styled(QPushButton("Compile"), "primary")
        self.trace = QPushButton("Trace…")
        self.trace.setToolTip("Call what is made with inputs, and show what it did with them")
        self.why = QPushButton("Why does a trace differ?")
        self.why.setToolTip("Call what is made with inputs, and say where and why a trace of that differs")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 8, 6)
        line.setSpacing(6)
        line.addWidget(self._before)
        line.addWidget(self.field, 1)
        line.addWidget(self._after)
        line.addWidget(self.button)
        line.addWidget(self.trace)
        line.addWidget(self.why)
        self.field.returnPressed.connect(self._on_given)
        self.button.clicked.connect(self._on_given)
        self.trace.clicked.connect(self._on_trace_wanted)
        self.why.clicked.connect(self._on_why_wanted)
        self.hide()

    def ask(self, name: str, parameters: str) -> None:
        """Ask for the arguments of a class; `parameters` are those of its signature."""
        self._name = name
        self._before.setText(f"{name}(")
        self.field.clear()
        self.field.setPlaceholderText(plain_line(parameters))
        set_tip(self.field, f"Arguments of {name}, as in a call: {parameters}")
        self.field.setAccessibleName(plain_line(f"Constructor arguments of {name}: {parameters}"))
        self.show()
        self.field.setFocus()

    def _on_given(self) -> None:
        self.hide()
        self.given.emit(self._name, self.field.text().strip())

    def _on_trace_wanted(self) -> None:
        self.hide()
        self.trace_wanted.emit(self._name, self.field.text().strip())

    def _on_why_wanted(self) -> None:
        self.hide()
        self.why_wanted.emit(self._name, self.field.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)
