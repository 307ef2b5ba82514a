"""What a run needs to know: inputs, device, repeats, warm-up, seed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.protocol.input_spec import (
    FILE_SUFFIXES,
    PICTURE_SUFFIXES,
    FileSpec,
    SpecError,
    TensorSpec,
    parse_spec,
)
from jitviewer.protocol.rows import DeviceRow, InputRow
from jitviewer.ui.services.settings import MOST_SECONDS, Settings
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.number_field import number_field
from jitviewer.ui.widgets.styled import caption
from jitviewer.ui.widgets.tool_button import IconButton

_SPEC_HELP = (
    "float32[1,3,224,224]  a random tensor\n"
    "int64[1,16]:0..100  random whole numbers, 0 to 99\n"
    "float32[2,8]@7  with a seed of its own\n"
    "3, 'text', [1, 2], None  a literal\n"
    "input.npy, input.pt  a file\n"
    "cat.jpg as float32[1,3,224,224]  a picture, scaled; pixels from 0 to 1\n"
    "cat.jpg as float32[1,3,224,224]:-1..1  the same from -1 to 1"
)
_FILES = f"Tensors and pictures ({' '.join('*' + suffix for suffix in FILE_SUFFIXES)})"


class InputField(QWidget):
    """One input: its name and type, the text that makes its value, and where the proposal came from.

    Signals: submitted(): Enter was pressed
    """

    submitted = Signal()

    def __init__(self, row: InputRow, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        name = QLabel(row.name)
        kind = ElidedLabel(row.type)
        kind.setObjectName("caption")
        kind.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spec = QLineEdit(row.spec, placeholderText="value" if row.required else "left out")
        self.spec.setFont(fonts.mono())
        self.spec.setToolTip(_SPEC_HELP)
        self.spec.setAccessibleName(f"Input {row.name}, {row.type}")
        self.spec.returnPressed.connect(self.submitted)
        self.reset = IconButton(
            "first", "Back to the proposed value", themes, lambda: self.spec.setText(row.spec)
        )
        self.reset.setVisible(False)
        self.source = IconButton("open", f"Where the value of {row.name} comes from", themes)
        self.source.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.source.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self.source)
        menu.addAction("Read from a file…").triggered.connect(self.choose_file)
        self.reseed = menu.addAction("Other random numbers")
        self.reseed.triggered.connect(self.draw_again)
        self.source.setMenu(menu)
        self.problem = wrapped("", "problem")
        self.problem.hide()
        self.spec.textChanged.connect(self._on_edited)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name)
        head.addWidget(kind, 1)
        field = QHBoxLayout()
        field.setSpacing(4)
        field.addWidget(self.spec, 1)
        field.addWidget(self.reset)
        field.addWidget(self.source)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addLayout(field)
        column.addWidget(self.problem)
        if row.reason:
            column.addWidget(wrapped(row.reason, "caption"))
        self._on_edited(row.spec)

    def choose_file(self) -> None:
        """Ask for a file and read the value from it."""
        path, _ = QFileDialog.getOpenFileName(self, f"Value of {self.row.name}", "", _FILES)
        if path:
            self.use_file(path)

    def use_file(self, path: str) -> None:
        """Read the value from a file; a picture gets the form of the tensor that is proposed."""
        is_picture = path.lower().endswith(PICTURE_SUFFIXES)
        form = self._form() if is_picture else ""
        self.spec.setText(f"{path} as {form}" if form else path)

    def draw_again(self) -> None:
        """Give a random tensor a seed of its own, or the next one."""
        spec = _parsed(self.spec.text())
        if isinstance(spec, TensorSpec):
            plain = self.spec.text().rpartition("@")[0] if spec.seed is not None else self.spec.text()
            self.spec.setText(f"{plain.strip()}@{0 if spec.seed is None else spec.seed + 1}")

    def _form(self) -> str:
        """The form that a picture is brought into: that of the tensor in the field, or of the proposal."""
        for text in (self.spec.text(), self.row.spec):
            spec = _parsed(text)
            form = spec.form if isinstance(spec, FileSpec) else spec
            if isinstance(form, TensorSpec) and len(form.shape) > 1:
                limits = f":{form.low}..{form.high}" if form.low is not None else ""
                return f"{form.dtype}[{','.join(map(str, form.shape))}]{limits}"
        return ""

    def _on_edited(self, text: str) -> None:
        self.reset.setVisible(text != self.row.spec)
        problem = ""
        try:
            spec = parse_spec(text) if text.strip() else None
        except SpecError as error:
            spec = None
            problem = str(error)
        self.reseed.setEnabled(isinstance(spec, TensorSpec))
        self.problem.setText(problem[:1].upper() + problem[1:])
        self.problem.setVisible(bool(problem))
        if self.spec.property("invalid") != bool(problem):
            self.spec.setProperty("invalid", bool(problem))
            self.spec.style().unpolish(self.spec)
            self.spec.style().polish(self.spec)


def _parsed(text: str) -> object:
    """The specification that a text is, None if it is none."""
    try:
        return parse_spec(text) if text.strip() else None
    except SpecError:
        return None


class RunForm(QWidget):
    """The fields of a run. Attributes: `fields`, `device`, `repeats`, `warmup`, `seed`, `time_limit`, `files`
    (whether the program may reach files).

    Signals: submitted(): Enter was pressed in a field
    """

    submitted = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setObjectName("form")
        self._shown: tuple[str, list[InputRow]] = ("", [])
        self.fields: list[InputField] = []
        self._inputs = QVBoxLayout()
        self._inputs.setSpacing(10)
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        self.repeats = number_field("Repeats", 1, 100_000, 5)
        self.warmup = number_field("Warm-up runs", 0, 10_000, 1)
        self.seed = number_field("Seed of random inputs", 0, 2**31 - 1, 0)
        self.time_limit = number_field("Time limit in seconds", 0, MOST_SECONDS, 0)
        self.time_limit.setSpecialValueText("none")
        self.files = QCheckBox("Let the program read and write files")
        self.files.setToolTip(
            "Operators that reach the file system are refused without this. A file from a stranger can "
            "overwrite yours."
        )
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
            field.setToolTip(tip)
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
        column_.addLayout(self._inputs)
        column_.addWidget(caption("Options", "section"))
        column_.addLayout(device)
        column_.addLayout(options)
        column_.addLayout(limit)
        column_.addWidget(self.files)
        column_.addStretch(1)
        self.set_devices([DeviceRow("cpu", "", "")])

    def set_inputs(self, method: str, rows: list[InputRow]) -> None:
        """Offer the inputs of a method; what was typed stays while the inputs are the same ones."""
        if (method, rows) == self._shown:
            return
        typed: dict[str, str] = {}
        if method == self._shown[0]:
            typed = {f.row.name: f.spec.text() for f in self.fields if f.spec.text() != f.row.spec}
        self._shown = (method, rows)
        clear(self._inputs)
        self.fields = []
        for row in rows:
            field = InputField(row, self._themes)
            if row.name in typed:
                field.spec.setText(typed[row.name])
            field.submitted.connect(self.submitted)
            self._inputs.addWidget(field)
            self.fields.append(field)
        if method and not rows:
            self._inputs.addWidget(wrapped("This method takes no inputs.", "dim"))

    def set_devices(self, rows: list[DeviceRow]) -> None:
        """Offer these devices; those that cannot be used are shown with the reason."""
        chosen = self.device.currentData()
        self.device.clear()
        model = self.device.model()
        assert isinstance(model, QStandardItemModel)
        for at, row in enumerate(rows):
            words = row.why_absent or row.description
            self.device.addItem(f"{row.name}  ·  {words}" if words else row.name, row.name)
            self.device.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
            model.item(at).setEnabled(not row.why_absent)
        usable = [at for at, row in enumerate(rows) if not row.why_absent]
        kept = self.device.findData(chosen)
        self.device.setCurrentIndex(kept if kept in usable else usable[0] if usable else -1)

    def use_settings(self, settings: Settings) -> None:
        """Offer the numbers that the person has chosen to begin with."""
        self.repeats.setValue(settings.repeats)
        self.warmup.setValue(settings.warmup)
        self.time_limit.setValue(settings.time_limit)

    def specs(self) -> list[str]:
        """The texts of the inputs in order; trailing optional inputs that are empty are left out."""
        texts = [field.spec.text().strip() for field in self.fields]
        while texts and not texts[-1] and not self.fields[len(texts) - 1].row.required:
            texts.pop()
        return texts
