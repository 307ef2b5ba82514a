"""What variables and attributes of a program are set to, and what its functions give back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.tracing.black_box.descriptions import short
from jitcore.tracing.black_box.provenance import join
from jitcore.tracing.black_box.records import NOTHING, Taint

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.frame_record import FrameRecord
    from jitcore.tracing.black_box.provenance import Provenance
    from jitcore.tracing.black_box.running_calls import RunningCalls
    from jitcore.tracing.black_box.sites import Assignment


class AssignmentEvents:
    """Follows what values of Python came from, from one name to the next."""

    def __init__(self, findings: Findings, running: RunningCalls, provenance: Provenance) -> None:
        self._findings = findings
        self._running = running
        self._provenance = provenance

    def assigned(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """Variables or attributes are set."""
        record = self._running.record_for(frame)
        taint = NOTHING
        if not isinstance(value, torch.Tensor):
            taint = self._provenance.with_control(record, site)
        else:
            self._provenance.state_of(record, site.expression)
        for name in site.names:
            if taint:
                record.names[name] = taint
            elif name in record.names:
                del record.names[name]
        if taint:
            self._change(record, site, taint)
        if site.declared:
            self._variables_set(site, record, value)

    def added(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """Something is joined to what variables or attributes hold."""
        record = self._running.record_for(frame)
        if record.names:
            for name in site.names:
                held = record.names.get(name, NOTHING)
                if any(each.what == "numpy" for each in held):
                    said = "an array that shares the memory of a tensor is written to, unseen by the graph"
                    span = site.expression.span
                    self._findings.note(self._findings.writes, "aliasing", site, span, name, said, held)
        if not isinstance(value, torch.Tensor):
            taint = self._provenance.with_control(record, site)
            if taint:
                for name in site.names:
                    join(record.names, name, taint)
                self._change(record, site, taint)
        if site.declared:
            self._variables_set(site, record, value)

    def _change(self, record: FrameRecord, site: Assignment, taint: Taint) -> None:
        for name in site.changed:
            join(record.names, name, taint)
            record.changed.add(name)
        for name in site.attributes:
            join(self._provenance.attributes, name, taint)

    def returned(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """A function returns something."""
        record = self._running.record_for(frame)
        if isinstance(value, torch.Tensor):
            record.returned = NOTHING
            self._provenance.state_of(record, site.expression)
        else:
            record.returned = self._provenance.with_control(record, site)

    def yielded(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """A generator gives a value to who asked for it."""
        record, asking = self._running.by_frame.get(id(frame)), frame.f_back
        if record is None or asking is None or isinstance(value, torch.Tensor):
            return
        taint = self._provenance.with_control(record, site)
        caller = self._running.by_frame.get(id(asking))
        if caller is not None and taint:
            place = self._running.position(asking)
            caller.events[place] = caller.events.get(place, NOTHING) | taint

    def _variables_set(self, site: Assignment, record: FrameRecord, value: Any) -> None:
        if record.outer is not None:
            # A variable of a function that runs itself is gone with the call.
            return
        self._findings.stored_variables.update(site.declared)
        shown = ", ".join(site.declared)
        self._findings.note(
            self._findings.side_effects,
            "python-state",
            site,
            site.expression.span,
            short(value),
            f"{shown}, a variable that outlives the call, is set: the graph does not do that again",
            self._provenance.taint_of(record, site.expression),
        )
