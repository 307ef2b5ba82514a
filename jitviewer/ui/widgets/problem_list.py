"""The problems of a Python file; choosing one leads to its line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from jitviewer.protocol.rows import ProblemRow
from jitviewer.protocol.traced_names import is_traced_name
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.models.problem_model import PROBLEM_ROLE, ProblemModel, whole_problem
from jitviewer.ui.widgets.styled import caption

_SHOWN_LINES = 5
_LINE = 24


class ProblemList(QWidget):
    """Hidden while there are no problems. Attributes: `model`, `view`.

    Signals: chosen(ProblemRow)
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ProblemModel()
        self.heading = caption("", "section")
        self.view = _ListView()
        self.view.setModel(self.model)
        self.view.setAccessibleName("Problems; Enter leads to the line")
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 4, 4)
        column.setSpacing(4)
        column.addWidget(self.heading)
        column.addWidget(self.view)
        self._is_wanted = True
        self.hide()

    def set_wanted(self, is_wanted: bool) -> None:
        """Say whether there is a place for it."""
        self._is_wanted = is_wanted
        self._fit()

    def show_problems(self, problems: Sequence[ProblemRow]) -> None:
        """Show these, or nothing if there are none."""
        self.model.set_rows(problems)
        self.heading.setText(_heading(problems))
        self.view.setFixedHeight(_LINE * min(len(problems), _SHOWN_LINES) + 4)
        self._fit()

    def _fit(self) -> None:
        self.setVisible(self._is_wanted and bool(self.model.rowCount()))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(PROBLEM_ROLE))


def _heading(problems: Sequence[ProblemRow]) -> str:
    """How many objects are not to be had, and of how much the traces warned."""
    refused = [row for row in problems if not row.is_warning]
    parts: list[str] = []
    if refused:
        what = "compiled or traced" if any(is_traced_name(row.subject) for row in refused) else "compiled"
        parts.append(f"{plural(len(refused), 'object')} cannot be {what}")
    if len(refused) < len(problems):
        parts.append(f"{plural(len(problems) - len(refused), 'warning')} of traces")
    return ", ".join(parts)


class _ListView(QListView):
    """Enter chooses, whatever the platform's habit; copying gives all that is told of a problem."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter activates."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(whole_problem(self.currentIndex().data(PROBLEM_ROLE)))
            return
        super().keyPressEvent(event)
