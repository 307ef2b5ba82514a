"""What a program asks of its surroundings: random numbers, modes, flags, clocks; and what it shows."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy

from jitcore.tracing.black_box import interesting_names as names
from jitcore.tracing.black_box.records import NOTHING
from jitcore.tracing.black_box.tensor_origins import DRAWS, STATE

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.tracing.black_box.decision import Kind
    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.frame_record import FrameRecord
    from jitcore.tracing.black_box.running_calls import RunningCalls
    from jitcore.tracing.black_box.sites import Call, Flag, Site

_DRAWING_CLASSES = (random.Random, numpy.random.Generator, numpy.random.RandomState)


class SurroundingsEvents:
    """Notes calls and flags by what their names and homes say of them."""

    def __init__(self, findings: Findings, running: RunningCalls) -> None:
        self._findings = findings
        self._running = running

    def called(self, site: Call, value: Any, frame: FrameType) -> None:
        """Something is called that tells of the surroundings, draws, or shows something."""
        findings, note = self._findings, self._findings.note
        record = self._running.record_for(frame)
        name = getattr(value, "__name__", site.name)
        home = getattr(value, "__module__", None) or ""
        span = site.expression.span
        owner = getattr(value, "__self__", None)
        if name in names.SHARING and home.startswith(("torch", "numpy")):
            said = f"{name}() gives another way to the memory of a tensor, which the graph does not see"
            note(findings.writes, "aliasing", site, span, name, said, NOTHING)
        elif isinstance(owner, _DRAWING_CLASSES) or home in ("random", "numpy.random"):
            self._surroundings(record, site, "randomness", "draw", DRAWS)
            said = "random numbers are drawn outside of torch: the graph holds what was drawn"
            note(findings.random, "randomness", site, span, name, said, NOTHING)
        elif name in names.MODES and home.startswith("torch"):
            self._surroundings(record, site, "mode", name, 0)
            said = "the program asks for a mode, of which the graph knows nothing"
            note(findings.modes, "mode", site, span, name, said, NOTHING)
        elif name in names.SURROUNDINGS and home.startswith("torch"):
            self._surroundings(record, site, "device-or-dtype", name, 0)
        elif name in ("seed", "manual_seed") and home.startswith("torch"):
            said = "random numbers are started anew: the graph does not do that again"
            note(findings.random, "randomness", site, span, name, said, NOTHING)
        elif name in names.OUTPUT and home in ("builtins", "io", "_io"):
            said = f"{name}() has an effect that the graph does not have"
            note(findings.side_effects, "python-state", site, span, name, said, NOTHING, harmless=True)
        elif name in names.CLOCKS and home.partition(".")[0] in (
            "time",
            "datetime",
            "os",
            "uuid",
            "builtins",
            "",
        ):
            self._surroundings(record, site, "python-state", name, STATE)

    def _surroundings(
        self, record: FrameRecord, site: Site, kind: Kind, what: str, origin: int, value: str = ""
    ) -> None:
        span = site.expression.span
        made = self._findings.read(what, kind, site.path, span, site.function, False, "")
        made.origin |= origin
        made.note(value)
        record.events[span] = frozenset((made,))

    def flag_read(self, site: Flag, value: Any, frame: FrameType) -> None:
        """A flag of a module is read by the program itself."""
        findings, note = self._findings, self._findings.note
        record = self._running.record_for(frame)
        if not isinstance(value, bool):
            return
        self._surroundings(record, site, "mode", site.name, 0, str(value))
        said = f"the program reads {site.name}: the graph holds what follows from {value}"
        note(findings.modes, "mode", site, site.expression.span, str(value), said, NOTHING)
