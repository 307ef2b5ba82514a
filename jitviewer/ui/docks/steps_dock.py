"""The list of single rewrites, grouped by pass."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from jitviewer.ui.docks.base import Dock
from jitviewer.ui.models.step_model import POSITION_ROLE, STEP_ROLE, StepModel, place_of_rule
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import panel


class StepsDock(Dock):
    """A click on a rewrite shows the graph right after it. Attributes: `model`, `view`."""

    tagline: ClassVar[str] = "Every single change of the passes"
    help_text: ClassVar[str] = (
        "The rewrites that the passes made, one by one, with the rule that fired and why. Click one "
        "to see the graph right after it, with the nodes that took part selected. The slider below "
        "the canvas and Alt+comma, Alt+period walk through the same list."
    )

    def __init__(self, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("stepsDock", "Rewrites", themes, parent)
        self.model = StepModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.view.setIndentation(14)
        self.view.setAccessibleName("Rewrites by pass")
        self.view.setItemDelegate(_StepDelegate(themes, self.model, self.view))
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        self.empty = wrapped(
            "No pass has rewritten anything yet. Switch a pass on to see its rewrites here.", "dim"
        )
        self.empty.setContentsMargins(12, 12, 12, 12)
        self.detail = wrapped("", "dim")
        self.detail.setContentsMargins(12, 8, 12, 8)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.detail)
        # The area has switched this on, with the colour of the window.
        self.detail.setAutoFillBackground(False)
        split.addWidget(area)
        split.setSizes([300, 130])
        split.setStretchFactor(0, 1)
        split.setHandleWidth(4)
        body = panel()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.empty)
        column.addWidget(split, 1)
        self.setWidget(body)
        self._split = split

    def main_widget(self) -> QWidget:
        """What gets the keyboard."""
        return self.view

    def link(self, document: DocumentState) -> None:
        """Follow the rewrites and the scrubber."""
        self.follow(document.steps_changed, self.refresh)
        self.follow(document.graph_changed, self._on_moved)

    def refresh(self) -> None:
        """Show the rewrites of the document."""
        document = self.document
        if document is None:
            self.model.set_steps([], [], 0)
        else:
            self.model.set_steps(document.reports, document.steps, document.position)
        has_steps = document is not None and bool(document.steps)
        self.empty.setVisible(not has_steps)
        self._split.setVisible(has_steps)
        if self.model.rowCount() <= 3:
            self.view.expandAll()
        self._on_moved()

    def _on_moved(self) -> None:
        document = self.document
        if document is None or not document.steps:
            return
        self.model.set_position(document.position)
        index = self.model.index_of_step(document.position - 1)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        else:
            self.view.setCurrentIndex(QModelIndex())
        self._describe(index)

    def _describe(self, index: QModelIndex) -> None:
        step = index.data(STEP_ROLE) if index.isValid() else None
        if step is None:
            self.detail.setText("")
            return
        self.detail.setText(
            f"{step.because or step.summary}\n\n{step.rule}: {step.summary}\n{place_of_rule(step)}"
        )

    def _on_chosen(self, index: QModelIndex) -> None:
        position = index.data(POSITION_ROLE)
        if self.document is not None and isinstance(position, int):
            self.document.go_to_step(position)
            self._describe(index)


class _StepDelegate(QStyledItemDelegate):
    """Dims the rewrites that are not applied."""

    def __init__(self, themes: ThemeManager, model: StepModel, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes
        self._model = model

    def initStyleOption(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if not self._model.is_applied(index):
            faint = self._themes.theme.color("text_faint")
            option.palette.setColor(QPalette.ColorRole.Text, faint)  # type: ignore[attr-defined]
