"""Chooses which of the finished runs is shown, and which others stand beside it as columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from jitviewer.plain_text import plain_line
from jitviewer.protocol.events import RunDone
from jitviewer.ui.models.run_names import run_tip, run_title
from jitviewer.ui.widgets.plain import menu_text, plain_tip, set_tip


class RunChooser(QWidget):
    """Runs of the shown method, the newest first.

    Attributes: `shown` (the list to choose from), `compare` (the button with the menu of others).
    Signals: changed(): another run is shown, or compared
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[RunDone] = []
        self._compared: set[int] = set()
        self.shown = QComboBox()
        self.shown.setAccessibleName("Shown run")
        self.shown.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.shown.setMinimumContentsLength(12)
        self.shown.currentIndexChanged.connect(self._on_chosen)
        self.compare = QToolButton()
        self.compare.setText("Compare")
        self.compare.setToolTip("Show the times of other runs as columns")
        self.compare.setAccessibleName("Compare with other runs")
        self.compare.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.compare.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._menu = QMenu(self.compare)
        self.compare.setMenu(self._menu)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(4)
        line.addWidget(self.shown, 1)
        line.addWidget(self.compare)

    def set_runs(self, runs: Sequence[RunDone]) -> None:
        """Offer these runs, in the order in which they were made; the last is shown, the one before it
        compared, if they are new."""
        known = {run.number for run in self._runs}
        self._runs = list(runs)
        numbers = [run.number for run in runs]
        self._compared &= set(numbers)
        if len(numbers) > 1 and numbers[-1] not in known:
            self._compared.add(numbers[-2])
        kept = self.shown.currentData()
        wanted = numbers[-1] if numbers and numbers[-1] not in known else kept
        self.shown.blockSignals(True)
        self.shown.clear()
        for at in range(len(runs) - 1, -1, -1):
            self.shown.addItem(plain_line(run_title(runs[at], runs[at].number)), runs[at].number)
            self.shown.setItemData(
                self.shown.count() - 1, plain_tip(run_tip(runs[at])), Qt.ItemDataRole.ToolTipRole
            )
        self.shown.setCurrentIndex(max(0, self.shown.findData(wanted)))
        self.shown.blockSignals(False)
        self.setVisible(len(runs) > 1)
        self._fill_menu()

    def current(self) -> RunDone | None:
        """The run that is shown."""
        chosen = self.shown.currentData()
        return next((run for run in self._runs if run.number == chosen), None)

    def compared(self) -> list[RunDone]:
        """The runs that stand beside it."""
        chosen = self.shown.currentData()
        return [run for run in self._runs if run.number in self._compared and run.number != chosen]

    def _fill_menu(self) -> None:
        self._menu.clear()
        chosen = self.shown.currentData()
        for run in reversed(self._runs):
            if run.number == chosen:
                continue
            action = self._menu.addAction(menu_text(run_title(run, run.number)))
            action.setCheckable(True)
            action.setChecked(run.number in self._compared)
            set_tip(action, run_tip(run))
            action.toggled.connect(lambda is_on, number=run.number: self._on_toggled(number, is_on))
        count = len(self.compared())
        self.compare.setText(f"Compare ({count})" if count else "Compare")

    def _on_toggled(self, number: int, is_on: bool) -> None:
        if is_on:
            self._compared.add(number)
        else:
            self._compared.discard(number)
        count = len(self.compared())
        self.compare.setText(f"Compare ({count})" if count else "Compare")
        self.changed.emit()

    def _on_chosen(self) -> None:
        self._fill_menu()
        self.changed.emit()
