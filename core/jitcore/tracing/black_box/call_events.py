"""Calls of a program's functions: what they are given, what comes back, and which a script would not make."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import torch

from jitcore.tracing.black_box.frame_record import FrameRecord
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.provenance import join
from jitcore.tracing.black_box.records import NOTHING
from jitcore.tracing.black_box.tensor_origins import SIZES

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.control_events import ControlEvents
    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.program_text import Span
    from jitcore.tracing.black_box.provenance import Provenance
    from jitcore.tracing.black_box.running_calls import RunningCalls
    from jitcore.tracing.black_box.sites import FunctionSite

_TORCH = torch.__file__.removesuffix("__init__.py")


class CallEvents:
    """Follows what goes into calls and comes back.

    `containers` are the inputs that are lists or dicts, in words, by name or number; `ways_around` the
    functions, by file and qualified name, that a script would not run (see `Reachable`).
    """

    def __init__(
        self, findings: Findings, running: RunningCalls, provenance: Provenance, control: ControlEvents
    ) -> None:
        self.containers: dict[str, str] = {}
        self.ways_around: dict[tuple[str, str], tuple[str, bool]] = {}
        self._findings = findings
        self._running = running
        self._provenance = provenance
        self._control = control

    def entered(self, site: FunctionSite, frame: FrameType) -> None:
        """A function of the person's is called."""
        caller: FrameRecord | None = None
        outer = frame.f_back
        direct = True
        while outer is not None:
            caller = self._running.by_frame.get(id(outer))
            if caller is not None:
                break
            direct = direct and outer.f_code.co_filename.startswith(_TORCH)
            outer = outer.f_back
        record = FrameRecord(frame, site, caller)
        self._running.by_frame[id(frame)] = record
        if caller is not None and outer is not None:
            record.called_at = self._running.position(outer)
        if site.is_special or self.ways_around:
            self._way_around(record, site, frame)
        span = record.called_at
        if caller is None or span is None:
            self._given_containers(record, site)
            return
        parent = site.parent
        if parent is not None:
            around: FrameRecord | None = caller
            while around is not None and around.site is not parent:
                around = around.caller
            record.outer = around
        if caller.names or caller.events or self._provenance.attributes or caller.outer is not None:
            self._pass_arguments(record, site, caller, span, direct)

    def _way_around(self, record: FrameRecord, site: FunctionSite, frame: FrameType) -> None:
        """Note a function that a script would not run."""
        why, is_at_call = self.ways_around.get((site.path, site.function), (None, False))
        caller, span = record.caller, record.called_at
        if (
            why is not None
            and is_at_call
            and caller is not None
            and caller.site is not None
            and span is not None
        ):
            self._findings.note(self._findings.methods, "other-method", caller.site, span, "", why, NOTHING)
            return
        if why is None and site.is_special and site.parameters:
            owner = frame.f_locals.get(site.parameters[0])
            if isinstance(owner, torch.nn.Module):
                why = f"{site.function} runs, which a script of the module does not call"
        if why is not None and site.result is not None:
            self._findings.note(self._findings.methods, "other-method", site, site.result, "", why, NOTHING)

    def _given_containers(self, record: FrameRecord, site: FunctionSite) -> None:
        """Of lists that are inputs a trace knows how long they were."""
        offset = 1 if site.parameters[:1] in (("self",), ("cls",)) else 0
        for number, name in enumerate(site.parameters[offset:]):
            what = self.containers.get(name) or self.containers.get(str(number))
            if what is not None:
                read = self._findings.read(
                    "parts", "shape", site.path, site.expression.span, site.function, False, what
                )
                read.origin |= SIZES
                join(record.names, name, frozenset((read,)))

    def _pass_arguments(
        self, record: FrameRecord, site: FunctionSite, caller: FrameRecord, span: Span, direct: bool
    ) -> None:
        assert caller.site is not None
        found = instrumented(caller.site.path).arguments_at(span)
        if found is None:
            return
        positional, keywords, starred = found
        everything = NOTHING
        parameters = site.parameters
        offset = 1 if parameters[:1] in (("self",), ("cls",)) else 0
        for number, expression in enumerate(positional):
            taint = self._provenance.taint_of(caller, expression)
            if not taint:
                continue
            everything |= taint
            place = number + offset
            if direct and not starred and place < len(parameters):
                join(record.names, parameters[place], taint)
            elif direct and not starred:
                for name in site.star:
                    join(record.names, name, taint)
        for name, expression in keywords:
            taint = self._provenance.taint_of(caller, expression)
            if taint:
                everything |= taint
                if name in parameters or name in site.keyword_only:
                    join(record.names, name, taint)
                else:
                    for each in site.star:
                        join(record.names, each, taint)
        if everything and (starred or not direct):
            for name in (*parameters[offset:], *site.keyword_only, *site.star):
                join(record.names, name, everything)

    def left(self, frame: FrameType) -> None:
        """A call ends."""
        record = self._running.by_frame.pop(id(frame), None)
        if record is None:
            return
        for loop in list(record.loops):
            self._control.loop_over(loop, record)
        caller, span = record.caller, record.called_at
        if caller is not None and span is not None:
            is_generator = frame.f_code.co_flags & inspect.CO_GENERATOR
            if record.returned or (span in caller.events and not is_generator):
                caller.events[span] = record.returned
            if record.changed:
                self._pass_changes_back(record, caller, span)

    def _pass_changes_back(self, record: FrameRecord, caller: FrameRecord, span: Span) -> None:
        """What a function put into lists and their like that it was given is in those of its caller too."""
        assert record.site is not None
        assert caller.site is not None
        given = instrumented(caller.site.path).arguments_at(span)
        if given is None or given.starred:
            return
        parameters = record.site.parameters
        offset = 1 if parameters[:1] in (("self",), ("cls",)) else 0
        by_name = dict(given.keywords)
        by_name.update(zip(parameters[offset:], given.positional, strict=False))
        for name in record.changed.intersection(by_name):
            expression = by_name[name]
            taint = record.names.get(name, NOTHING)
            # Only a variable, or an attribute of one, is what the caller goes on with.
            for held, place in expression.names:
                if taint and place == expression.span:
                    join(caller.names, held, taint)
            for held, place in expression.attributes:
                if taint and place == expression.span:
                    join(self._provenance.attributes, held, taint)
