"""The menu that chooses what the colours of boxes stand for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from jitviewer.ui.canvas.costs import COSTS, TIME, Cost
from jitviewer.ui.widgets.plain import key_text


class CostMenu(QMenu):
    """Attributes: `cost`, the one that is chosen.

    Signals: chosen(): another one is
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Colour by", parent)
        self.setAccessibleName("What the colours of boxes stand for after a run")
        self.cost: Cost = TIME
        self._group = QActionGroup(self)
        for cost in COSTS:
            action = self.addAction(key_text(cost.title))
            action.setCheckable(True)
            action.setChecked(cost is TIME)
            self._group.addAction(action)
        self._group.triggered.connect(self._on_triggered)

    def _on_triggered(self, action: QAction) -> None:
        self.cost = COSTS[self._group.actions().index(action)]
        self.chosen.emit()
