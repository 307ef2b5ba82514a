"""The stages of an executor after some runs: a tree of graphs, what chose each, and how to look at them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from jitviewer.protocol.bounds import DETAIL, SENTENCE, cut
from jitviewer.protocol.events import StagesDone
from jitviewer.protocol.stage_rows import StagedInputs
from jitviewer.ui.models.formatting import plural
from jitviewer.ui.models.stage_model import STAGE_ROLE, StageModel
from jitviewer.ui.models.stage_names import stage_story
from jitviewer.ui.widgets.labels import wrapped
from jitviewer.ui.widgets.plain import set_tip
from jitviewer.ui.widgets.styled import styled

_HINT = (
    "An executor notes what flows in its first runs and makes a graph for that, which it runs from then on. "
    "Run the method through its stages to see them, as torch.jit would run it; change the inputs under Set "
    "up and run again to see what it makes of other shapes. Passes that are switched on do not count here."
)
_AGAIN = (
    "Open a graph to see it on the canvas. Change the inputs under Set up and run again: the executor goes "
    "on with what it has."
)
_ELSEWHERE = "These are graphs of one executor. To run again go to the document that they came from."
_LINE, _LINES = 24, 12
"""Pixels of a line, and lines that are in sight at once."""

_MOST_RUNS = 12
"""Runs with other inputs that are told one by one."""


class StagesPanel(QWidget):
    """Attributes: `run` and `reset` (begin anew), `model`, `view`, `open`, `runs` (what was run), `story` (of
    the chosen graph).

    `fuse` is whether operators are fused on the CPU.

    Signals: run_wanted(), reset_wanted(), fuse_wanted(bool), graph_wanted(int): the graph of this stage is to
    be shown
    """

    run_wanted = Signal()
    reset_wanted = Signal()
    fuse_wanted = Signal(bool)
    graph_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stages: StagesDone | None = None
        self.run = QPushButton("Run through the stages")
        self.run.clicked.connect(self.run_wanted)
        self.reset = styled(QPushButton("Begin anew"), "link")
        set_tip(self.reset, "Forget these runs: the next one is the first of another executor")
        self.reset.clicked.connect(self.reset_wanted)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 4, 12, 4)
        buttons.setSpacing(8)
        buttons.addWidget(self.run)
        buttons.addWidget(self.reset)
        buttons.addStretch(1)
        self.fuse = QCheckBox("Fuse on the CPU")
        set_tip(
            self.fuse,
            "Gather operators into groups that are computed as one, with guards in front of them. torch.jit "
            "does so on a CPU only where it was built with LLVM, or is told to.",
        )
        self.fuse.toggled.connect(self.fuse_wanted)
        fusing = QHBoxLayout()
        fusing.setContentsMargins(12, 0, 12, 4)
        fusing.addWidget(self.fuse)
        fusing.addStretch(1)
        self.hint = wrapped(_HINT, "dim")
        self.runs = wrapped("", "caption")
        self.model = StageModel(self)
        self.view = self._make_view()
        self.story = wrapped("", "dim")
        self.story.setContentsMargins(12, 6, 12, 6)
        self.story.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.story)
        # The area has switched this on, with the colour of the window.
        self.story.setAutoFillBackground(False)
        self._area = area
        self.open = styled(QPushButton("Open the graph"), "link")
        self.open.clicked.connect(lambda: self._open(self.view.currentIndex()))
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 0)
        foot.addWidget(self.open)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(buttons)
        column.addLayout(fusing)
        for label in (self.hint, self.runs):
            label.setContentsMargins(12, 4, 12, 6)
            column.addWidget(label)
        column.addWidget(self.view)
        column.addLayout(foot)
        column.addWidget(area, 1)
        column.addStretch(1)
        self.show_stages(None, [])

    def show_stages(self, stages: StagesDone | None, runs: Sequence[StagedInputs], at: int = -1) -> None:
        """Show what came of runs; `at` is the stage that is shown in the middle of the window."""
        if stages is not self._stages or stages is None:
            self._stages = stages
            self.model.set_stages(stages.stages if stages is not None else [])
            self.view.expandAll()
            self._fit_view()
        has_stages = stages is not None
        for widget in (self.view, self._area, self.open):
            widget.setVisible(has_stages)
        self.reset.setVisible(bool(runs))
        self.hint.setText(_ELSEWHERE if at >= 0 else _AGAIN if has_stages else _HINT)
        told = _runs_text(runs)
        if stages is not None:
            told = "\n".join([told, *stages.notes]).strip()
        self.runs.setText(cut(told, SENTENCE))
        self.runs.setVisible(bool(told))
        if stages is not None:
            count = len(stages.stages)
            chosen = at if at >= 0 else self._chosen()
            self.view.setCurrentIndex(self.model.index_of(chosen if 0 <= chosen < count else count - 1))
        self._describe()

    def allow(self, is_allowed: bool) -> None:
        """Offer to run, or not."""
        self.run.setEnabled(is_allowed)
        self.reset.setEnabled(is_allowed)
        self.fuse.setEnabled(is_allowed)

    def show_fusing(self, fuses: bool) -> None:
        """Show whether the executor fuses."""
        with QSignalBlocker(self.fuse):
            self.fuse.setChecked(fuses)

    def _chosen(self) -> int:
        index = self.view.currentIndex()
        return index.data(STAGE_ROLE) if index.isValid() else -1

    def _describe(self) -> None:
        at = self._chosen()
        row = self._stages.stages[at] if self._stages is not None and at >= 0 else None
        self.story.setText(stage_story(row) if row is not None else "")
        self.open.setEnabled(row is not None and bool(row.graph))

    def _open(self, index: QModelIndex) -> None:
        at = index.data(STAGE_ROLE) if index.isValid() else -1
        if self._stages is not None and at >= 0 and self._stages.stages[at].graph:
            self.graph_wanted.emit(at)

    def _fit_view(self) -> None:
        """As high as its lines, up to some: what they say stands right below."""
        rows = self._stages.stages if self._stages is not None else []
        line = max(self.view.sizeHintForRow(0), _LINE)
        self.view.setFixedHeight(self.view.header().sizeHint().height() + line * min(len(rows), _LINES) + 4)
        self.view.setRootIsDecorated(any(row.parent >= 0 for row in rows))

    def _make_view(self) -> QTreeView:
        view = QTreeView()
        view.setModel(self.model)
        view.setUniformRowHeights(True)
        view.setIndentation(14)
        view.setAllColumnsShowFocus(True)
        view.setExpandsOnDoubleClick(False)
        view.setAccessibleName("Graphs that the executor made")
        header = view.header()
        header.setStretchLastSection(False)
        for column, width in enumerate((104, 56, 50, 54, 50)):
            header.resizeSection(column, width)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        view.selectionModel().currentChanged.connect(self._describe)
        view.activated.connect(self._open)
        return view


def _runs_text(runs: Sequence[StagedInputs]) -> str:
    """`2 runs with float32[2,8], then 1 with float32[3,8]`."""
    told = [f"{run.times:,} with {', '.join(run.inputs) or 'no inputs'}" for run in runs[:_MOST_RUNS]]
    if not told:
        return ""
    told[0] = told[0].replace(f"{runs[0].times:,}", plural(runs[0].times, "run"), 1)
    rest = len(runs) - _MOST_RUNS
    if rest > 0:
        told.append(f"{rest:,} more")
    return cut(", then ".join(told), DETAIL)
