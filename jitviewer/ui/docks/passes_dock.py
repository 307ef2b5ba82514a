"""Ordered passes with a switch each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
)

from jitviewer.ui.docks.base import Dock
from jitviewer.ui.docks.pass_delegate import PassDelegate
from jitviewer.ui.models.pass_model import PassModel
from jitviewer.ui.services.document import DocumentState
from jitviewer.ui.services.documents import Documents
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.styled import panel, styled


class PassesDock(Dock):
    """Switching a pass rewrites the shown method at once. Attributes: `model`, `view`."""

    def __init__(self, documents: Documents, themes: ThemeManager, parent: QMainWindow) -> None:
        super().__init__("passesDock", "Passes", themes, parent)
        self._documents = documents
        self.model = PassModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(PassDelegate(themes, self.view))
        self.view.setMouseTracking(True)
        self.view.setAccessibleName("Passes, in the order in which they run")
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.all_on = styled(QPushButton("All on"), "segment")
        self.all_off = styled(QPushButton("All off"), "segment")
        self.all_on.clicked.connect(lambda: self.model.switch_all(True))
        self.all_off.clicked.connect(lambda: self.model.switch_all(False))
        hint = wrapped(
            "Passes run from top to bottom. Drag a pass, or press Alt+Up and Alt+Down, to move it.", "caption"
        )
        hint.setContentsMargins(12, 6, 12, 8)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 6)
        buttons.setSpacing(4)
        buttons.addWidget(self.all_on)
        buttons.addWidget(self.all_off)
        buttons.addStretch(1)
        body = panel()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(buttons)
        column.addWidget(self.view, 1)
        column.addWidget(hint)
        self.setWidget(body)
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("Alt+Up"), self.view, lambda: self._move(-1), context=context)
        QShortcut(QKeySequence("Alt+Down"), self.view, lambda: self._move(1), context=context)
        self.model.pipeline_changed.connect(self._on_pipeline_changed)
        documents.catalogue_changed.connect(self._on_catalogue_changed)
        themes.theme_changed.connect(self.view.viewport().update)
        self._on_catalogue_changed()

    def link(self, document: DocumentState) -> None:
        """Follow what the passes did."""
        self.follow(document.method_shown, self.refresh)
        self.follow(document.steps_changed, self.refresh)

    def refresh(self) -> None:
        """Show the switches and reports of the document."""
        document = self.document
        is_ready = document is not None and bool(document.method)
        self.view.setEnabled(is_ready)
        self.all_on.setEnabled(is_ready)
        self.all_off.setEnabled(is_ready)
        self.model.set_pipeline(document.passes_on if document is not None else ())
        self.model.set_reports(document.reports if document is not None else [])

    def _on_catalogue_changed(self) -> None:
        self.model.set_catalogue(self._documents.catalogue)
        self.refresh()

    def _on_pipeline_changed(self, passes: tuple[str, ...]) -> None:
        if self.document is not None:
            self.document.set_passes(passes)

    def _move(self, by: int) -> None:
        row = self.view.currentIndex().row()
        if row >= 0 and self.model.move(row, row + by):
            self.view.setCurrentIndex(self.model.index(row + by))
