"""What a run needs to know: inputs, device, repeats, warm-up, seed."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.plain_text import plain_line
from jitviewer.protocol.libraries import library_words
from jitviewer.protocol.rows import DeviceRow, InputRow
from jitviewer.ui.services.settings import MOST_SECONDS, Settings
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.input_field import InputField
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.number_field import number_field
from jitviewer.ui.widgets.plain import plain_tip, set_tip
from jitviewer.ui.widgets.styled import caption

MOST_FIELDS = 100
"""Inputs that have fields at a time: a person who has more looks for the one that is to be changed."""

_FIELDS_A_TURN = 10


class RunForm(QWidget):
    """The fields of a run. Attributes: `fields`, `search` (chooses which inputs have fields where there are
    more than `MOST_FIELDS`), `left_out` (says how many have none), `device`, `repeats`, `warmup`, `seed`,
    `time_limit`, `libraries` (what registers operators), `files` (whether the program may reach files),
    `unconfined` (what it could reach in any
    case).

    Signals: submitted(): Enter was pressed in a field
    """

    submitted = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setObjectName("form")
        self._shown: tuple[str, list[InputRow]] = ("", [])
        self._more = 0
        self._texts: dict[int, str] = {}
        self._pending: deque[int] = deque()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._make_some)
        self.fields: list[InputField] = []
        self.search = QLineEdit(placeholderText="Find an input by its name", clearButtonEnabled=True)
        self.search.setAccessibleName("Find an input by its name")
        self.search.textChanged.connect(self._on_find_changed)
        self.left_out = wrapped("", "dim")
        for widget in (self.search, self.left_out):
            widget.hide()
        self._inputs = QVBoxLayout()
        self._inputs.setSpacing(10)
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        # A device says in a sentence why it is absent: Qt would ask for room for all of it.
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.device.setMinimumContentsLength(8)
        self.repeats = number_field("Repeats", 1, 100_000, 5)
        self.warmup = number_field("Warm-up runs", 0, 10_000, 1)
        self.seed = number_field("Seed of random inputs", 0, 2**31 - 1, 0)
        self.time_limit = number_field("Time limit in seconds", 0, MOST_SECONDS, 0)
        self.time_limit.setSpecialValueText("none")
        self.files = QCheckBox("May read and write files")
        self.files.setToolTip(
            "Operators that reach the file system are refused without this. A file from a stranger can "
            "overwrite yours."
        )
        self.libraries = QLineEdit(placeholderText="mylib.ops, /path/to/libmylib.so")
        self.libraries.setAccessibleName("Libraries that register operators")
        self.libraries.setToolTip(
            "Modules of Python and shared libraries that register operators of other libraries, between "
            "commas. The process of the run imports and loads them first, confined as the program is."
        )
        self.libraries.returnPressed.connect(self.submitted)
        self.libraries_problem = wrapped("", "problem")
        self.libraries.textChanged.connect(self._on_libraries_changed)
        self.libraries_problem.hide()
        self.unconfined = wrapped("", "caption")
        self.unconfined.hide()
        options = QGridLayout()
        options.setHorizontalSpacing(8)
        options.setVerticalSpacing(3)
        for column, (label, field, tip) in enumerate(
            (
                ("Repeats", self.repeats, "Runs that are measured; the median is shown"),
                ("Warm-up", self.warmup, "Runs before the measured ones"),
                ("Seed", self.seed, "Of the random inputs"),
            )
        ):
            name = caption(label)
            name.setBuddy(field)
            set_tip(field, tip)
            options.addWidget(name, 0, column)
            options.addWidget(field, 1, column)
        limit = QHBoxLayout()
        limit.setSpacing(8)
        name = caption("Time limit, s")
        name.setBuddy(self.time_limit)
        self.time_limit.setToolTip("Seconds after which a run is ended, loading included; 0 is no limit")
        limit.addWidget(name)
        limit.addWidget(self.time_limit)
        limit.addStretch(1)
        device = QFormLayout()
        device.setContentsMargins(0, 0, 0, 0)
        device.addRow(caption("Device"), self.device)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(12, 10, 12, 12)
        column_.setSpacing(10)
        column_.addWidget(caption("Inputs", "section"))
        column_.addWidget(self.search)
        column_.addLayout(self._inputs)
        column_.addWidget(self.left_out)
        column_.addWidget(caption("Options", "section"))
        column_.addLayout(device)
        column_.addLayout(options)
        column_.addLayout(limit)
        column_.addWidget(caption("Libraries"))
        column_.addWidget(self.libraries)
        column_.addWidget(self.libraries_problem)
        column_.addWidget(self.files)
        column_.addWidget(self.unconfined)
        column_.addStretch(1)
        self.set_devices([DeviceRow("cpu", "", "")])

    def set_inputs(self, method: str, rows: list[InputRow], more: int = 0) -> None:
        """Offer the inputs of a method; what was typed stays while the inputs are the same ones. `more` come
        after them, with no fields."""
        if (method, rows) == self._shown:
            return
        typed = self._typed() if method == self._shown[0] else {}
        self._shown, self._more = (method, rows), more
        self._texts = (
            {at: typed[row.name] for at, row in enumerate(rows) if row.name in typed} if typed else {}
        )
        self.fields = []
        self.search.clear()
        self.search.setVisible(len(rows) > MOST_FIELDS)
        self._show_fields()

    def _typed(self) -> dict[str, str]:
        """What was typed in the place of proposals, by the names of the inputs."""
        self._keep_texts()
        rows = self._shown[1]
        return {rows[at].name: text for at, text in self._texts.items() if text != rows[at].spec}

    def _keep_texts(self) -> None:
        for field in self.fields:
            self._texts[field.number] = field.spec.text()

    def _on_find_changed(self) -> None:
        self._keep_texts()
        self._show_fields()

    def _show_fields(self) -> None:
        """Make the fields of the inputs that are looked for: some now, the others in turns."""
        method, rows = self._shown
        word = self.search.text().casefold()
        found = [at for at, row in enumerate(rows) if word in row.name.casefold()]
        clear(self._inputs)
        self.fields = []
        self._pending = deque(found[:MOST_FIELDS])
        hidden = len(found) - len(self._pending)
        words: list[str] = []
        if hidden:
            words.append(f"And {hidden:,} more: find one by its name to change its value.")
        if self._more:
            words.append(f"{self._more:,} inputs after these get the values that are proposed for them.")
        self.left_out.setText(" ".join(words))
        self.left_out.setVisible(bool(words))
        if method and not rows:
            self._inputs.addWidget(wrapped("This method takes no inputs.", "dim"))
        self._make_some()

    def _make_some(self) -> None:
        rows = self._shown[1]
        for _ in range(min(_FIELDS_A_TURN, len(self._pending))):
            at = self._pending.popleft()
            field = InputField(rows[at], self._themes, at)
            if at in self._texts:
                field.spec.setText(self._texts[at])
            field.submitted.connect(self.submitted)
            self._inputs.addWidget(field)
            self.fields.append(field)
        if self._pending:
            self._next.start()

    def set_devices(self, rows: list[DeviceRow]) -> None:
        """Offer these devices; those that cannot be used are shown with the reason."""
        chosen = self.device.currentData()
        self.device.clear()
        model = self.device.model()
        assert isinstance(model, QStandardItemModel)
        for at, row in enumerate(rows):
            words = row.why_absent or row.description
            self.device.addItem(plain_line(f"{row.name}  ·  {words}" if words else row.name), row.name)
            self.device.setItemData(at, plain_tip(words), Qt.ItemDataRole.ToolTipRole)
            model.item(at).setEnabled(not row.why_absent)
        usable = [at for at, row in enumerate(rows) if not row.why_absent]
        kept = self.device.findData(chosen)
        self.device.setCurrentIndex(kept if kept in usable else usable[0] if usable else -1)

    def tell_unconfined(self, sentence: str) -> None:
        """Say what a run could reach on this system all the same; "" if nothing that is known of."""
        self.unconfined.setText(sentence)
        self.unconfined.setVisible(bool(sentence))

    def use_settings(self, settings: Settings) -> None:
        """Offer the numbers that the person has chosen to begin with."""
        self.repeats.setValue(settings.repeats)
        self.warmup.setValue(settings.warmup)
        self.time_limit.setValue(settings.time_limit)

    def _on_libraries_changed(self) -> None:
        self.libraries_problem.hide()

    def show_libraries(self, text: str) -> None:
        """Show what the person wrote for this document."""
        if self.libraries.text() != text:
            self.libraries.setText(text)

    def library_words(self) -> tuple[str, ...] | None:
        """The words of the libraries; None, and why beneath the field, if it names none that could be."""
        try:
            return library_words(self.libraries.text())
        except ValueError as error:
            self.libraries_problem.setText(plain_line(str(error)))
            self.libraries_problem.show()
            return None

    def specs(self) -> list[str]:
        """The texts of the inputs in order; trailing optional inputs that are empty are left out."""
        self._keep_texts()
        rows = self._shown[1]
        texts = [self._texts.get(at, row.spec).strip() for at, row in enumerate(rows)]
        while texts and not texts[-1] and not rows[len(texts) - 1].required and not self._more:
            texts.pop()
        return texts

    def given_specs(self) -> list[str]:
        """The texts of the inputs in order, without those at the end that are left at their defaults."""
        rows, texts = self._shown[1], self.specs()
        while texts and not rows[len(texts) - 1].required and texts[-1] == rows[len(texts) - 1].spec:
            texts.pop()
        return texts
