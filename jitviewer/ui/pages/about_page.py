"""Says what this program is, and the versions of what it is made of."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from jitviewer.ui.pages.page import Page
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.layouts import clear
from jitviewer.ui.widgets.styled import caption

_WORDS = (
    "Opens TorchScript archives, shows their code and graph, rewrites the graph pass by pass, runs it and "
    "says where the time went. Opening, rewriting and printing are done by a JIT core of its own; PyTorch "
    "runs the operators, in a process of its own."
)
_ASKING = "asking the runner, which loads torch first…"


class AboutPage(Page):
    """Attributes: `rows`, the versions as shown."""

    def __init__(self, documents: Documents, parent: QWidget | None = None) -> None:
        super().__init__("About jitviewer", parent)
        self._documents = documents
        self.rows: list[tuple[str, str]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, 168)
        self._grid.setColumnStretch(1, 1)
        self.column.addWidget(wrapped(_WORDS))
        self.column.addSpacing(8)
        self.column.addWidget(caption("Versions", "section"))
        self.column.addLayout(self._grid)
        self.column.addSpacing(8)
        self.copy = QPushButton("Copy for a report")
        self.copy.clicked.connect(self._on_copy)
        self.column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        documents.versions_changed.connect(self._fill)

    def enter(self) -> None:
        """Ask for what only the runner knows."""
        super().enter()
        self._documents.ask_versions()
        self._fill()

    def _fill(self) -> None:
        told = dict(self._documents.versions)
        self.rows = [
            ("jitviewer", self._documents.engine_version or "the engine has not answered yet"),
            ("Python of the window", platform.python_version()),
            ("Qt", f"{qVersion()}, PySide {PySide6.__version__}"),
            *(told.items() if told else [("torch", _ASKING)]),
            ("Confined by", self._confinement()),
            ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
            ("Installed in", sys.prefix),
        ]
        _show(self._grid, self.rows)

    def _confinement(self) -> str:
        """What keeps a stranger's file from the rest of the machine."""
        if self._documents.unconfined:
            return self._documents.unconfined
        return self._documents.confinement or "the engine has not answered yet"

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in self.rows))
        self.copy.setText("Copied")


def _show(grid: QGridLayout, rows: Sequence[tuple[str, str]]) -> None:
    clear(grid)
    for number, (name, value) in enumerate(rows):
        grid.addWidget(wrapped(name, "dim"), number, 0)
        grid.addWidget(wrapped(value), number, 1)
