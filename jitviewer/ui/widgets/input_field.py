"""One input of a call: what it is, and the text that makes its value."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.input_spec import (
    FILE_SUFFIXES,
    PICTURE_SUFFIXES,
    FileSpec,
    SpecError,
    TensorSpec,
    parse_spec,
)
from jitviewer.protocol.rows import InputRow
from jitviewer.ui.theme import ThemeManager, fonts
from jitviewer.ui.widgets.headed_column import HeadedColumn
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.plain import set_tip, title_text
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

_LONG = 60
"""Characters of a name that is shown whole, whatever room there is."""


class InputField(HeadedColumn):
    """One input: its name and type, the text that makes its value, and where the proposal came from.

    Attributes: `row`, and its `number` among the inputs.
    Signals: submitted(): Enter was pressed
    """

    submitted = Signal()

    def __init__(
        self, row: InputRow, themes: ThemeManager, number: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self.row = row
        self.number = number
        name = ElidedLabel(row.name)
        if len(row.name) <= _LONG:
            # The type gets what is left.
            name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        kind = ElidedLabel(row.type)
        kind.setObjectName("caption")
        kind.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.spec = QLineEdit(row.spec, placeholderText="value" if row.required else "left out")
        self.spec.setFont(fonts.mono())
        set_tip(self.spec, _SPEC_HELP)
        self.spec.setAccessibleName(plain_line(f"Input {row.name}, {row.type}"))
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
        self.head.addWidget(name)
        self.head.addWidget(kind, 1)
        field = QHBoxLayout()
        field.setSpacing(4)
        field.addWidget(self.spec, 1)
        field.addWidget(self.reset)
        field.addWidget(self.source)
        self.column.addLayout(field)
        self.column.addWidget(self.problem)
        if row.reason:
            self.column.addWidget(wrapped(row.reason, "caption"))
        self._on_edited(row.spec)

    def choose_file(self) -> None:
        """Ask for a file and read the value from it."""
        path, _ = QFileDialog.getOpenFileName(self, title_text(f"Value of {self.row.name}"), "", _FILES)
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
