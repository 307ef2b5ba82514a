"""What a program changes in place: attributes and items of what outlives the call, and memory of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
import torch

from jitcore.tracing.black_box.descriptions import described
from jitcore.tracing.black_box.own_files import is_own_class
from jitcore.tracing.black_box.program_text import text_of
from jitcore.tracing.black_box.records import NOTHING

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.frame_record import FrameRecord
    from jitcore.tracing.black_box.provenance import Provenance
    from jitcore.tracing.black_box.reachable import Reachable
    from jitcore.tracing.black_box.running_calls import RunningCalls
    from jitcore.tracing.black_box.sites import Store

_STORAGES = (torch.UntypedStorage, torch.TypedStorage)


class ChangeEvents:
    """Notes changes that a graph does not hold; `reachable` is what outlives the call."""

    def __init__(self, findings: Findings, running: RunningCalls, provenance: Provenance) -> None:
        self.reachable: Reachable | None = None
        self._findings = findings
        self._running = running
        self._provenance = provenance

    def stored(self, site: Store, value: Any, frame: FrameType) -> None:
        """Something is changed in place by Python."""
        writes = self._findings.writes
        if isinstance(value, torch.Tensor):
            assert site.holder_expression is not None
            for name, place in site.holder_expression.names:
                if place == site.holder_expression.span:
                    # What is in a tensor is followed in the graph.
                    self._running.record_for(frame).names.pop(name, None)
            if site.attribute == "data" and site.action == "set":
                said = "the tensor gets other memory, which the graph does not see"
                span = site.expression.span
                self._findings.note(writes, "aliasing", site, span, described(value), said, NOTHING)
            return
        record = self._running.record_for(frame)
        if isinstance(value, numpy.ndarray):
            self._array_written(site, record)
            return
        if isinstance(value, _STORAGES):
            said = "the memory of a tensor is written to, which the graph does not see"
            self._findings.note(writes, "aliasing", site, site.expression.span, "storage", said, NOTHING)
            return
        if not self._outlives(value) or _changes_itself(site, value):
            return
        if site.attribute:
            self._findings.stored_attributes.add(site.attribute)
        assert site.holder_expression is not None
        if not site.attribute and site.holder_expression.names:
            self._findings.stored_variables.update(name for name, _ in site.holder_expression.names[:1])
        holder = text_of(site.path).expression(site.holder_expression.span)
        what = type(value).__name__
        self._findings.note(
            self._findings.side_effects,
            "python-state",
            site,
            site.expression.span,
            what,
            f"{holder} ({what}), which outlives the call, is {site.action}: the graph does not do that again",
            NOTHING,
        )

    def _outlives(self, value: Any) -> bool:
        reachable = self.reachable
        if reachable is None:
            return True
        return id(value) in reachable.objects or not reachable.is_whole

    def _array_written(self, site: Store, record: FrameRecord) -> None:
        assert site.holder_expression is not None
        taint = self._provenance.taint_of(record, site.holder_expression)
        if any(each.what == "numpy" for each in taint):
            self._findings.note(
                self._findings.writes,
                "aliasing",
                site,
                site.expression.span,
                "numpy.ndarray",
                "an array that shares the memory of a tensor is written to, which the graph does not see",
                taint,
            )


def _changes_itself(site: Store, value: Any) -> bool:
    """Whether what is called is a method of the program's own, which tells itself what it changes."""
    return site.action.startswith("changed by") and (
        isinstance(value, torch.nn.Module) or is_own_class(type(value))
    )
