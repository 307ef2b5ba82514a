"""Conditions, loops and choices of a program: which way it went, how often, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.tracing.black_box.descriptions import len_of
from jitcore.tracing.black_box.frame_record import FrameRecord, LoopRun
from jitcore.tracing.black_box.provenance import join
from jitcore.tracing.black_box.records import MOST_VALUES, NOTHING, Taint, Tally

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.provenance import Provenance
    from jitcore.tracing.black_box.running_calls import RunningCalls
    from jitcore.tracing.black_box.sites import Choice, Condition, Loop, Site
    from jitcore.tracing.black_box.tensor_reads import TensorReads


class ControlEvents:
    """Counts what was decided."""

    def __init__(
        self, findings: Findings, running: RunningCalls, provenance: Provenance, tensor_reads: TensorReads
    ) -> None:
        self._findings = findings
        self._running = running
        self._provenance = provenance
        self._tensor_reads = tensor_reads

    def decided(self, site: Condition, truth: bool, frame: FrameType) -> None:
        """A condition was true or false."""
        record = self._running.record_for(frame)
        taint = self._provenance.taint_of(record, site.expression)
        tally = self._findings.conditions.get((site, truth))
        if tally is None:
            tally = self._findings.conditions[site, truth] = Tally(self._findings.next_number())
        tally.times += 1
        if taint or site in record.control:
            record.control[site] = taint
        if taint:
            tally.reads |= taint
            for name in site.assigned_if_false if truth else site.assigned_if_true:
                join(record.names, name, taint)

    def loop_began(self, site: Loop, frame: FrameType) -> None:
        """A while loop begins."""
        record = self._running.record_for(frame)
        self.loop_over(site, record)
        record.loops[site] = LoopRun(self._findings.next_number())

    def iterated(self, site: Loop, value: Any, frame: FrameType) -> None:
        """A for loop begins."""
        record = self._running.record_for(frame)
        self.loop_over(site, record)
        record.loops[site] = LoopRun(self._findings.next_number())
        if isinstance(value, torch.Tensor):
            self._tensor_reads.note("iteration", "shape", value, len_of(value), frame)
        taint = self._provenance.with_control(record, site)
        if taint or site in record.control:
            record.control[site] = taint
        # How many there are says nothing of the numbers of a range, nor of tensors in a list.
        if taint and not (isinstance(value, torch.Tensor | range) or _holds_tensors(value)):
            for name in site.targets:
                record.names[name] = taint
        elif record.names:
            for name in site.targets:
                record.names.pop(name, None)

    def continued(self, site: Loop, frame: FrameType) -> None:
        """The condition of a while loop was looked at."""
        record = self._running.record_for(frame)
        taint = self._provenance.taint_of(record, site.expression)
        if taint:
            self._join_control(record, site, taint)

    @staticmethod
    def _join_control(record: FrameRecord, site: Site, taint: Taint) -> None:
        record.control[site] = record.control.get(site, NOTHING) | taint

    def stepped(self, site: Loop, frame: FrameType) -> None:
        """The body of a loop begins once more."""
        record = self._running.record_for(frame)
        run = record.loops.get(site)
        if run is None:
            run = record.loops[site] = LoopRun(self._findings.next_number())
        run.steps += 1
        given = record.events.get(site.expression.span) if site.targets else None
        if given:
            # A generator has told what its value came from only now.
            self._join_control(record, site, given)
            for name in site.targets:
                join(record.names, name, given)

    def loop_ended(self, site: Loop, frame: FrameType) -> None:
        """A loop has ended."""
        self.loop_over(site, self._running.record_for(frame))

    def loop_over(self, site: Loop, record: FrameRecord) -> None:
        """A loop runs no more, however it ended."""
        run = record.loops.pop(site, None)
        if run is None:
            return
        steps = run.steps
        tally = self._findings.loops.get((site, steps))
        if tally is None:
            counts = self._findings.counts[site] = self._findings.counts.get(site, 0) + 1
            key = (site, steps) if counts <= MOST_VALUES else (site, -1)
            tally = self._findings.loops.setdefault(key, Tally(run.number))
        tally.times += max(steps, 1)
        tally.runs += 1
        tally.reads |= record.control.get(site, NOTHING)

    def chosen(self, site: Choice, arm: int, frame: FrameType) -> None:
        """An arm of a match or a handler runs."""
        record = self._running.record_for(frame)
        taint = NOTHING if site.source is None else self._provenance.taint_of(record, site.source)
        tally = self._findings.choices.get((site, arm))
        if tally is None:
            tally = self._findings.choices[site, arm] = Tally(self._findings.next_number())
        tally.times += 1
        if taint:
            tally.reads |= taint
            record.control[site] = taint


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], torch.Tensor)
