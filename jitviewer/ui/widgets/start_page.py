"""What is shown while no document is open: what the program does, samples, recent files."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.plain_files import is_plain_file
from jitviewer.plain_text import plain_line
from jitviewer.resources import resource
from jitviewer.ui.services.settings import Settings
from jitviewer.ui.widgets.elided_button import ElidedButton
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.plain import PlainLabel, set_tip
from jitviewer.ui.widgets.styled import caption, styled

_COLUMNS = 3
_WIDTH = 840
_MAX_RECENT = 5
_WORDS = (
    "Open a TorchScript archive or a Python file to read its code and graph side by side, rewrite the graph "
    "pass by pass, run it, see where the time went, and learn why a trace differs from its program."
)


class Sample(msgspec.Struct, frozen=True):
    """One entry of a list in `resources/samples`. Of a Python file `source` names what is traced, as
    `FILE.py:NAME`, and `inputs` are those of the trace."""

    title: str
    description: str
    file: str
    source: str = ""
    inputs: list[str] = []

    @property
    def path(self) -> str:
        """Where the file is."""
        return str(resource("samples", self.file))


def samples() -> list[Sample]:
    """The archives that ship with the program."""
    return _listed("samples.json")


def diverging_samples() -> list[Sample]:
    """The Python files that ship with the program, traces of which do not do what the file says."""
    return _listed("diverging.json")


def _listed(name: str) -> list[Sample]:
    return msgspec.json.decode(resource("samples", name).read_bytes(), type=list[Sample])


class StartPage(QScrollArea):
    """Signals: open_requested(): choose a file; path_chosen(str): open this file; diverging_chosen(Sample):
    say why a trace of this sample differs."""

    open_requested = Signal()
    path_chosen = Signal(object)
    diverging_chosen = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWidgetResizable(True)
        body = styled(QWidget(), "form")
        outer = QHBoxLayout(body)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.setContentsMargins(24, 40, 24, 24)
        outer.addStretch(1)
        holder = QWidget()
        holder.setLayout(column)
        holder.setMaximumWidth(_WIDTH)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addWidget(holder, 100)
        outer.addStretch(1)
        column.addLayout(self._head())
        column.addWidget(caption("Samples", "section"))
        column.addLayout(self._cards(samples(), _COLUMNS, lambda sample: self.path_chosen.emit(sample.path)))
        column.addWidget(caption("Python whose trace goes wrong: open one to be told why", "section"))
        diverging = diverging_samples()
        column.addLayout(self._cards(diverging, len(diverging), self.diverging_chosen.emit))
        self._recent_title = caption("Recent files", "section")
        recent = QVBoxLayout()
        recent.setSpacing(2)
        self._recent = [_RecentFile() for _ in range(_MAX_RECENT)]
        for row in self._recent:
            row.chosen.connect(self.path_chosen)
            recent.addWidget(row)
        column.addWidget(self._recent_title)
        column.addLayout(recent)
        column.addStretch(1)
        self.setWidget(body)
        settings.recent_changed.connect(self._fill_recent)
        self._fill_recent()

    def _head(self) -> QHBoxLayout:
        mark = PlainLabel()
        picture = QPixmap(str(resource("icons", "jitviewer.svg")))
        ratio = self.devicePixelRatioF()
        picture = picture.scaled(
            round(56 * ratio), round(56 * ratio), mode=Qt.TransformationMode.SmoothTransformation
        )
        picture.setDevicePixelRatio(ratio)
        mark.setPixmap(picture)
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(caption("jitviewer", "title"))
        sentence = caption(_WORDS, "dim")
        sentence.setWordWrap(True)
        words.addWidget(sentence)
        buttons = QHBoxLayout()
        button = styled(QPushButton("Open a file…"), "primary")
        button.clicked.connect(self.open_requested)
        buttons.addWidget(button)
        buttons.addWidget(caption("or drop files anywhere on this window", "dim"))
        buttons.addStretch(1)
        buttons.setSpacing(12)
        words.addSpacing(6)
        words.addLayout(buttons)
        line = QHBoxLayout()
        line.setSpacing(20)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return line

    def _cards(self, offered: list[Sample], columns: int, choose: Callable[[Sample], object]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        for number, sample in enumerate(offered):
            card = _Card(sample)
            card.clicked.connect(lambda _checked=False, sample=sample: choose(sample))
            grid.addWidget(card, number // columns, number % columns)
        for at in range(columns):
            grid.setColumnStretch(at, 1)
        return grid

    def _fill_recent(self) -> None:
        paths = [path for path in self._settings.recent() if is_plain_file(path)][:_MAX_RECENT]
        self._recent_title.setVisible(bool(paths))
        for row, path in zip_longest(self._recent, paths):
            row.show_file(path)


class _RecentFile(QWidget):
    """One of the files opened last. Signals: chosen(str): open this file.

    Rows are filled anew and not made anew: what is made while models are open keeps pieces of their memory
    from being given back.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._name = styled(ElidedButton(), "link")
        self._name.setAccessibleName("Recent file")
        self._path = ""
        self._name.clicked.connect(lambda: self.chosen.emit(self._path))
        self._folder = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        self._folder.setObjectName("caption")
        line.addWidget(self._name)
        line.addWidget(self._folder, 1)

    def show_file(self, path: str | None) -> None:
        """Show a file, or nothing."""
        self.setVisible(path is not None)
        if path is not None:
            self._path = path
            self._name.set_words(Path(path).name)
            set_tip(self._name, path)
            self._name.setAccessibleName(plain_line(f"Open {path}"))
            self._folder.setText(str(Path(path).parent))


class _Card(QPushButton):
    """A sample: its title and a sentence."""

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(f"Open the sample {sample.title}: {sample.description}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        title = caption(sample.title, "cardTitle")
        text = caption(sample.description, "cardText")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        for label in (title, text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(text, 1)
