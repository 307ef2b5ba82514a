"""The way that a program takes through a person's own files: what each of its conditional jumps did."""

from __future__ import annotations

import dis
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from types import CodeType, FrameType
from typing import Any, Final

from jitcore.diagnose.divergence.watch import Spot
from jitcore.tracing.black_box.own_files import is_own_file

_MOST_JUMPS: Final = 200_000
_MOST_OUTCOMES: Final = 5_000
"""Outcomes that are kept of one jump; of a longer loop only their number is."""


class Path:
    """Attributes: `outcomes` of each conditional jump in order, by the place of the jump, in the order in
    which these were first met; `times` when each of them was, counted in jumps; `lines` that ran, in the
    order in which they first did; `handled`, the places at which an error came up that a frame went on
    after, with when they did."""

    def __init__(self) -> None:
        self.outcomes: dict[Spot, list[bool]] = {}
        self.times: dict[Spot, list[int]] = {}
        self.lines: dict[tuple[str, int], None] = {}
        self.handled: dict[Spot, list[int]] = {}
        self.is_whole = True
        self._left = _MOST_JUMPS
        self._pending: dict[int, tuple[Spot, int]] = {}
        self._raised: dict[int, list[tuple[Spot, int]]] = {}

    @contextmanager
    def followed(self) -> Generator[None]:
        """Context in which the way of this thread is noted. A debugger that is at work is put aside for
        it."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        if not is_own_file(frame.f_code.co_filename) or not self.is_whole:
            return None
        frame.f_trace_lines = False
        frame.f_trace_opcodes = True
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not self.is_whole:
            frame.f_trace_opcodes = False
            return None
        if event != "opcode":
            if event == "return":
                self._pending.pop(id(frame), None)
                self._left_frame(frame)
            elif event == "exception" and not issubclass(argument[0], _ENDS):
                raised = (frame.f_code, frame.f_lasti), _MOST_JUMPS - self._left
                self._raised.setdefault(id(frame), []).append(raised)
            return self._stepped
        offset = frame.f_lasti
        line: int | None = frame.f_lineno
        if line is not None:  # some instructions belong to no line
            self.lines.setdefault((frame.f_code.co_filename, line))
        waiting = self._pending.pop(id(frame), None)
        if waiting is not None:
            spot, following = waiting
            self._note(spot, offset != following)
        following = _jumps(frame.f_code).get(offset)
        if following is not None:
            self._pending[id(frame)] = ((frame.f_code, offset), following)
        return self._stepped

    def _left_frame(self, frame: FrameType) -> None:
        """Note the errors that a frame went on after: it ends by returning, and by none of them."""
        if id(frame) not in self._raised:
            return
        how = _names(frame.f_code).get(frame.f_lasti, "")
        if how.startswith("YIELD"):
            return
        for spot, time in self._raised.pop(id(frame)):
            if how.startswith("RETURN"):
                self.handled.setdefault(spot, []).append(time)

    def _note(self, spot: Spot, jumped: bool) -> None:
        self._left -= 1
        if self._left < 0:
            self.is_whole = False
            return
        kept = self.outcomes.setdefault(spot, [])
        if len(kept) < _MOST_OUTCOMES:
            kept.append(jumped)
            self.times.setdefault(spot, []).append(_MOST_JUMPS - self._left)

    def partings(self, other: Path) -> list[tuple[Spot, int]]:
        """Jumps that went another way than in `other`, with which outcome of them did first; in order of
        time.

        A jump that ran more often only is none: what made it run more often is.
        """
        found: list[tuple[int, Spot, int]] = []
        for spot, outcomes in self.outcomes.items():
            others = other.outcomes.get(spot, [])
            for place, (one, that) in enumerate(zip(outcomes, others, strict=False)):
                if one != that:
                    found.append((self.times[spot][place], spot, place))
                    break
        return [(spot, place) for _, spot, place in sorted(found, key=lambda each: each[0])]

    def time_of(self, parting: tuple[Spot, int]) -> int:
        """When an outcome of a jump was, counted in jumps."""
        spot, place = parting
        return self.times[spot][place]

    def first_handled(self, other: Path) -> tuple[Spot, int] | None:
        """Where an error came up first that only one of both ways went on after, and when it did."""
        found = [
            (times[len(others)], spot)
            for one, that in ((self, other), (other, self))
            for spot, times in one.handled.items()
            if len(others := that.handled.get(spot, [])) < len(times)
        ]
        return min(((spot, time) for time, spot in found), key=lambda each: each[1], default=None)


_ENDS: Final = (StopIteration, StopAsyncIteration, GeneratorExit)
"""How iterators say that they are at their end."""


@cache
def _jumps(code: CodeType) -> dict[int, int]:
    """Offsets of conditional jumps, with that of the instruction that follows where they do not jump."""
    instructions = list(dis.get_instructions(code))
    found: dict[int, int] = {}
    for place, each in enumerate(instructions[:-1]):
        name = each.opname
        if ("JUMP" in name and "_IF_" in name) or name == "FOR_ITER":
            found[each.offset] = instructions[place + 1].offset
    return found


@cache
def _names(code: CodeType) -> dict[int, str]:
    """What the instructions are, by their offsets."""
    return {each.offset: each.opname for each in dis.get_instructions(code)}


def is_loop(spot: Spot) -> bool:
    """Whether a jump is that of a `for`."""
    code, offset = spot
    return any(each.offset == offset and each.opname == "FOR_ITER" for each in dis.get_instructions(code))


def extent(spot: Spot) -> tuple[int, int, int, int]:
    """First line, column, last line, column behind the end of what an instruction stands for."""
    code, offset = spot
    positions = list(code.co_positions())
    line, end_line, column, end_column = (
        positions[offset // 2] if offset // 2 < len(positions) else (None,) * 4
    )
    first = line or code.co_firstlineno
    return first, column or 0, end_line or first, end_column or 0
