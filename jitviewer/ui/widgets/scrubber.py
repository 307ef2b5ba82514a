"""Walks through the single rewrites: a slider with buttons, and the sentence of the present one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton


class Scrubber(QWidget):
    """Shown where it is wanted, while the pipeline of a document has rewrites.

    Attributes: `slider`, `sentence`.
    """

    def __init__(self, document: DocumentState, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Rewrites applied")
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.count = caption()
        self.sentence = ElidedLabel()
        self.rule = ElidedLabel()
        self.rule.setObjectName("caption")
        self.rule.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        controls = QHBoxLayout()
        controls.setSpacing(2)
        self.buttons = (
            IconButton("first", "Before the first rewrite", themes, lambda: self._go(0)),
            IconButton(
                "previous", "Previous rewrite", themes, lambda: self._go(document.position - 1), "Alt+,"
            ),
            IconButton("next", "Next rewrite", themes, lambda: self._go(document.position + 1), "Alt+."),
            IconButton("last", "After the last rewrite", themes, lambda: self._go(len(document.steps))),
        )
        for button in self.buttons[:2]:
            controls.addWidget(button)
        controls.addWidget(self.slider, 1)
        for button in self.buttons[2:]:
            controls.addWidget(button)
        controls.addSpacing(6)
        controls.addWidget(self.count)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.sentence, 1)
        words.addWidget(self.rule)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 12, 6)
        column.setSpacing(2)
        column.addLayout(controls)
        column.addLayout(words)
        self.rule.setAlignment(Qt.AlignmentFlag.AlignRight)
        document.steps_changed.connect(self._on_steps_changed)
        self._is_wanted = True
        self.hide()

    def set_wanted(self, is_wanted: bool) -> None:
        """Say whether there is a place for it."""
        self._is_wanted = is_wanted
        self._fit()

    def _fit(self) -> None:
        self.setVisible(self._is_wanted and bool(self._document.steps))

    def _go(self, position: int) -> None:
        self.slider.setValue(position)

    def _on_slider_moved(self, position: int) -> None:
        self._document.go_to_step(position)
        self._describe()

    def _on_steps_changed(self) -> None:
        document = self._document
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(document.steps))
        self.slider.setPageStep(max(1, len(document.steps) // 10))
        self.slider.setValue(document.position)
        self.slider.blockSignals(False)
        self._fit()
        self._describe()

    def _describe(self) -> None:
        """Say which rewrite led to what is shown."""
        steps, position = self._document.steps, self.slider.value()
        self.count.setText(f"{position:,} of {len(steps):,}")
        for button in self.buttons[:2]:
            button.setEnabled(position > 0)
        for button in self.buttons[2:]:
            button.setEnabled(position < len(steps))
        if 0 < position <= len(steps):
            step = steps[position - 1]
            self.sentence.setText(step.because or step.summary)
            place = f"{step.file.rpartition('/')[2]}:{step.line}"
            self.rule.setText(f"{step.pass_name}  ·  {step.rule}  ·  {place}")
        else:
            self.sentence.setText("Before the first rewrite")
            self.rule.setText("")
