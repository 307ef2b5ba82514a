"""The runs of a document: what was asked for, how each ended, and the times that are painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from jitviewer.protocol import events, requests
from jitviewer.protocol.rows import NodeTime, PassReportRow
from jitviewer.protocol.stage_rows import StagedInputs
from jitviewer.ui.services.document_questions import DocumentQuestions
from jitviewer.ui.services.turns import Turns

_MOST_RUNS = 12
"""Finished runs that are kept to be compared."""

_FUSION = "static"
"""How executors fuse if they do: as torch does it by default."""

_FIRST_RUNS = 2
"""After two runs there is something optimized to show."""


class DocumentRuns(DocumentQuestions):
    """Attributes: `runs`, the finished ones, the newest last; `result` or `stopped`, how the last one of
    the shown method ended; `progress` of the one that `is_running`; `times` of the nodes of the shown graph,
    of a run that failed those that it came to; `failed_node`, where it failed (-1: nowhere in that graph);
    `devices`; `value`, the last that was looked at; `turns`, which does long work piece by piece;
    `staged`, the runs through the stages of an executor so far, `stages`, the graphs that it made of them,
    and whether it `fuses`. `module_path`, `method` and `reports` of the passes say which graph is shown.

    Signals: run_changed, times_changed, failure_changed, devices_listed, value_looked, libraries_changed
    """

    run_changed = Signal()
    times_changed = Signal()
    failure_changed = Signal()
    devices_listed = Signal()
    value_looked = Signal()
    libraries_changed = Signal()

    def __init__(self, number: int, send: Callable[[requests.Request], None], parent: QObject) -> None:
        super().__init__(number, send, parent)
        self.module_path = ""
        self.method = ""
        self.reports: list[PassReportRow] = []
        self.devices: events.DevicesListed | None = None
        self.libraries = ""
        self.is_running = False
        self.progress: events.RunMoved | None = None
        self.result: events.RunDone | None = None
        self.stopped: events.RunStopped | None = None
        self.times: dict[int, NodeTime] = {}
        self.value: events.ValueLooked | None = None
        self.runs: list[events.RunDone] = []
        self.failed_node = -1
        self.staged: list[StagedInputs] = []
        self.fuses = False
        self.stages: events.StagesDone | None = None
        self._staged_before: list[StagedInputs] | None = None
        self._timed_run: events.RunDone | events.RunStopped | None = None
        self.turns = Turns(self)

    def run(
        self,
        inputs: list[str],
        device: str,
        repeats: int,
        warmup: int,
        seed: int,
        allow_files: bool = False,
        memory: int = -1,
        time_limit: int = 0,
        libraries: tuple[str, ...] = (),
    ) -> None:
        """Run the shown method as rewritten; see `requests.Run` for the arguments."""
        if self.is_running:
            return
        self.is_running = True
        self.progress = self.stopped = None
        self._mark_failure()
        wanted = requests.Run(
            self.number, inputs, device, repeats, warmup, seed, allow_files, memory, time_limit, libraries
        )
        self.ask(wanted)
        self.run_changed.emit()

    def run_stages(
        self,
        inputs: list[str],
        device: str,
        seed: int,
        allow_files: bool = False,
        memory: int = -1,
        time_limit: int = 0,
        libraries: tuple[str, ...] = (),
    ) -> None:
        """Run the shown method as it was compiled once more through the stages of its executor.

        The first time it runs twice, since there is nothing optimized before the second run.
        """
        if self.is_running:
            return
        self._staged_before = self.staged
        self.staged = _with_run(self.staged, inputs)
        self.is_running = True
        self.progress = self.stopped = None
        self._mark_failure()
        self.ask(
            requests.RunStages(
                self.number,
                self.staged,
                device,
                seed,
                allow_files,
                memory,
                time_limit,
                libraries,
                _FUSION if self.fuses else "",
            )
        )
        self.run_changed.emit()

    def fuse_stages(self, fuses: bool) -> None:
        """Let executors fuse operators on the CPU, or not; the next run is the first of another one."""
        if not self.is_running and fuses != self.fuses:
            self.fuses = fuses
            self.forget_stages()

    def forget_stages(self) -> None:
        """Let the next run through the stages be the first of an executor."""
        if not self.is_running:
            self.staged, self.stages = [], None
            self.run_changed.emit()

    def cancel_run(self) -> None:
        """Stop the run."""
        if self.is_running:
            self.ask(requests.CancelRun(self.number))

    def runs_of_method(self) -> list[events.RunDone]:
        """The finished runs of the shown method, the newest last."""
        where = (self.module_path, self.method)
        return [run for run in self.runs if (run.module_path, run.method) == where]

    def show_times_of(self, run: events.RunDone | None) -> None:
        """Paint the times of this run, if it is one of the shown graph."""
        if run is not None and self._is_of_shown_graph(run):
            self._take_times(run)

    def _is_of_shown_graph(self, run: events.RunDone | events.RunStopped) -> bool:
        # Nodes have the same numbers only where the same passes ran.
        applied = [report.name for report in self.reports if not report.failed]
        return (run.module_path, run.method, run.passes) == (self.module_path, self.method, applied)

    def _fit_times(self) -> None:
        """Paint the times of the newest run of the shown graph, none if it was not run."""
        newest: events.RunDone | events.RunStopped | None
        newest = next((run for run in reversed(self.runs) if self._is_of_shown_graph(run)), None)
        if self.stopped is not None and self.stopped.times and self._is_of_shown_graph(self.stopped):
            newest = self.stopped
        self._mark_failure()
        timed = self._timed_run
        if timed is None or not self._is_of_shown_graph(timed):
            self._take_times(newest)

    def _mark_failure(self) -> None:
        """Mark where the last run failed, as long as its graph is shown."""
        stopped = self.stopped
        is_marked = stopped is not None and self._is_of_shown_graph(stopped)
        node = stopped.node_id if stopped is not None and is_marked else -1
        if node != self.failed_node:
            self.failed_node = node
            self.failure_changed.emit()

    def _take_times(self, run: events.RunDone | events.RunStopped | None) -> None:
        if run is not self._timed_run:
            self._timed_run = run
            self.times = {time.node_id: time for time in run.times} if run is not None else {}
            self.times_changed.emit()

    def _on_devices_listed(self, event: events.DevicesListed) -> None:
        self.devices = event
        self.devices_listed.emit()

    def _on_run_started(self, _event: events.RunStarted) -> None:
        self.is_running = True
        self.run_changed.emit()

    def _on_run_moved(self, event: events.RunMoved) -> None:
        self.progress = event
        self.run_changed.emit()

    def _on_run_done(self, event: events.RunDone) -> None:
        self.is_running = False
        self.result, self.stopped = event, None
        self._mark_failure()
        self.value = None
        self.runs = [*self.runs, event][-_MOST_RUNS:]
        # Reading twenty thousand times, the table of them and the colours take a moment each: the window
        # lives in between.
        self.turns.later(self.run_changed.emit)
        self.turns.later(lambda: self.show_times_of(event))

    def _on_stages_done(self, event: events.StagesDone) -> None:
        self.is_running = False
        where = (event.module_path, event.method)
        # Runs of another method, or of what the file was before it was reloaded, say nothing of this one.
        if self._staged_before is not None and where == (self.module_path, self.method):
            self.stages = event
        self._staged_before = None
        self.run_changed.emit()

    def _on_run_stopped(self, event: events.RunStopped) -> None:
        self.is_running = False
        self._give_up_staged()
        self.stopped = event
        self._mark_failure()
        self.turns.later(self.run_changed.emit)
        if event.times and self._is_of_shown_graph(event):
            self.turns.later(lambda: self._take_times(event))

    def _drop_staged(self) -> None:
        """Another method or file is shown: no runs through stages are of it, those under way neither."""
        self.staged, self.stages, self._staged_before = [], None, None

    def _give_up_staged(self) -> None:
        """The last run through the stages came to nothing: those before it stand."""
        if self._staged_before is not None:
            self.staged, self._staged_before = self._staged_before, None

    def _on_value_looked(self, event: events.ValueLooked) -> None:
        self.value = event
        self.value_looked.emit()


def _with_run(staged: list[StagedInputs], inputs: list[str]) -> list[StagedInputs]:
    """The runs so far and one more, or the first two."""
    if not staged:
        return [StagedInputs(inputs, _FIRST_RUNS)]
    *before, last = staged
    if last.inputs == inputs:
        return [*before, StagedInputs(inputs, last.times + 1)]
    return [*staged, StagedInputs(inputs, 1)]
