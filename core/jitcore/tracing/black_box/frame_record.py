"""A call of one of the person's functions while it runs: what its variables came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import FrameType

from jitcore.tracing.black_box.program_text import Span
from jitcore.tracing.black_box.records import NOTHING, Taint
from jitcore.tracing.black_box.sites import FunctionSite, Loop, Site


@dataclass(eq=False, slots=True)
class LoopRun:
    """A loop that is running: a number for its record, and how often its body has begun."""

    number: int
    steps: int = 0


@dataclass(eq=False, slots=True)
class FrameRecord:
    """A call.

    `names` is what variables came from, `events` what was read at places of the function or came back from
    calls there, `control` what conditions and loops last went by, `loops` the loops that are running,
    `changed` the variables whose lists and their like were changed. `caller` is the call of one of the
    person's functions that it came from, at the place `called_at`.
    """

    frame: FrameType | None
    site: FunctionSite | None
    caller: FrameRecord | None = None
    called_at: Span | None = None
    outer: FrameRecord | None = None
    names: dict[str, Taint] = field(default_factory=dict[str, Taint])
    events: dict[Span, Taint] = field(default_factory=dict[Span, Taint])
    control: dict[Site, Taint] = field(default_factory=dict[Site, Taint])
    loops: dict[Loop, LoopRun] = field(default_factory=dict[Loop, LoopRun])
    changed: set[str] = field(default_factory=set[str])
    returned: Taint = NOTHING
