"""What Python learns of tensors, noted at the place of the person's own file that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.tracing.black_box.descriptions import described, short
from jitcore.tracing.black_box.tensor_origins import DRAWS, FROM_INPUTS, VALUES, TensorOrigins

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.decision import Kind
    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.running_calls import RunningCalls

_ITERATION = torch.Tensor.__iter__.__code__


class TensorReads:
    """Notes reads; `origins` tells what a tensor depends on."""

    def __init__(self, findings: Findings, running: RunningCalls) -> None:
        self.origins = TensorOrigins(None)
        self._findings = findings
        self._running = running

    def note(self, what: str, kind: Kind, tensor: torch.Tensor, value: Any, frame: FrameType | None) -> None:
        """Python learns something of a tensor."""
        # Methods of tensors that are written in Python, and libraries that know nothing of tensors, read for
        # who calls them, but for what they check.
        is_for_caller = kind in ("constant", "shape") and what not in ("dim", "stride")
        place = self._running.place_of(frame, is_for_caller)
        if place is None:
            return
        at, library = place
        if what == "parts" and frame is not None and frame.f_code is _ITERATION:
            what = "iteration"
        span = self._running.position(at)
        code = at.f_code
        if what in ("parts", "iteration") and isinstance(value, tuple | list):
            value = len(cast("list[Any]", value))
        key = what, code.co_filename, span, library
        made = self._findings.reads.get(key)
        origin = self.origins.of(tensor)
        if kind == "constant" and not origin & (VALUES | DRAWS) and origin & FROM_INPUTS:
            kind = "shape"
        if made is None:
            made = self._findings.read(
                what, kind, code.co_filename, span, code.co_qualname, library, described(tensor)
            )
        made.origin |= origin
        made.note(short(value))
        record = self._running.record_for(at)
        known = record.events.get(span)
        if known is None or (library and made not in known):
            record.events[span] = frozenset((made,)) if known is None else known | {made}
        elif not library and made not in known:
            record.events[span] = frozenset((made,))
