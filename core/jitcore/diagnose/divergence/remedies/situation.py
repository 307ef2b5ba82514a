"""What a program does on the inputs of its trace, for changes of its text: who called whom with what."""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.diagnose.divergence.sides import quiet
from jitcore.diagnose.divergence.subject import copied
from jitcore.tracing.black_box.own_files import is_own_file

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.cause import Cause
    from jitcore.diagnose.divergence.sides import Sides

_GENERATOR: Final = 0x20
"""Flag of the code of generators, whose returns say nothing."""


@dataclass
class Call:
    """The first call of a function: its arguments, its variables at its end, and what it gave.

    `returned` is None too where it never ended. `attributes` are those that `self` had at its end, with
    copies of lists and dicts, which are put back as they were.
    """

    code: CodeType
    arguments: Mapping[str, Any]
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])
    returned: Any = None
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Situation:
    """How a program runs.

    Attributes:
        cause: why it diverges.
        made: name of the class that is called to make the program; empty where it is not made so.
        place: file and name of the program itself.
        callers: places in a person's files that led to the cause, innermost first.
        values: local variables where the cause is first reached.
        calls: the first call of each of a person's functions, by file and first line.
    """

    cause: Cause
    made: str
    place: tuple[str, str]
    callers: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    calls: dict[tuple[str, int], Call] = field(default_factory=dict[tuple[str, int], Call])

    @property
    def places(self) -> list[tuple[str, int]]:
        """The cause and what led to it, innermost first, each once."""
        return list(dict.fromkeys([(self.cause.file, self.cause.line), *self.callers]))


def observed(sides: Sides, cause: Cause, made: str, place: tuple[str, str]) -> Situation:
    """Run a program on the inputs of its trace."""
    found = Situation(cause, made, place)
    lines = _first_lines(cause)

    def called(frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        if not is_own_file(code.co_filename):
            return None
        key = code.co_filename, code.co_firstlineno
        if code.co_name.startswith("<") and code.co_filename != cause.file:
            return None
        is_new = key not in found.calls and not code.co_name.startswith("<")
        if is_new:
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            arguments = {name: frame.f_locals[name] for name in names if name in frame.f_locals}
            found.calls[key] = Call(code, arguments)
        here = code.co_filename == cause.file and not found.values
        if not is_new and not here:
            return None
        frame.f_trace_lines = here
        return stepped

    def stepped(frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if event == "line" and frame.f_lineno in lines and code.co_filename == cause.file:
            if not found.values and not found.callers:
                reached(frame)
        elif event == "return" and not code.co_flags & _GENERATOR:
            call = found.calls.get((code.co_filename, code.co_firstlineno))
            if call is not None and not call.variables:
                call.variables, call.returned = dict(frame.f_locals), argument
                call.attributes = _attributes(frame.f_locals.get("self"))
        return stepped

    def reached(frame: FrameType) -> None:
        found.values.update(frame.f_locals)
        outer = frame.f_back
        while outer is not None and outer.f_code.co_filename != __file__:
            if is_own_file(outer.f_code.co_filename):
                found.callers.append((outer.f_code.co_filename, outer.f_lineno))
            outer = outer.f_back

    trial = cause.found.trial
    with sides.started(trial, sides.subject.module), quiet():
        before = sys.gettrace()
        sys.settrace(called)
        try:
            sides.subject.target(*copied(sides.subject.arguments))
        finally:
            sys.settrace(before)
    return found


def _attributes(owner: Any) -> dict[str, Any]:
    """What an object holds, its buffers included."""
    held = {**getattr(owner, "__dict__", {}), **getattr(owner, "_buffers", {})}
    return {
        name: copy.copy(value) if isinstance(value, list | dict) else value for name, value in held.items()
    }


def _first_lines(cause: Cause) -> set[int]:
    """The lines at which the statement of a cause may be reached: its own, or that where it begins."""
    from_first = cause.line if cause.statement is None else min(cause.line, cause.statement.line)
    return {from_first, cause.line}


def annotation_of(value: Any) -> str | None:
    """The type of a value as TorchScript reads it; None for what has none."""
    if isinstance(value, torch.Tensor):
        return "torch.Tensor"
    for kind in (bool, int, float, str):
        if type(value) is kind:
            return kind.__name__
    if isinstance(value, torch.dtype | torch.device):
        return f"torch.{type(value).__name__}"
    if isinstance(value, torch.Size):
        return "list[int]"
    if isinstance(value, list | tuple) and value and type(value) in (list, tuple):
        parts = [annotation_of(each) for each in value]
        if None in parts:
            return None
        if isinstance(value, tuple):
            return f"tuple[{', '.join(map(str, parts))}]"
        return f"list[{parts[0]}]" if len(set(parts)) == 1 else None
    if type(value) is dict and value:
        keys, items = ({annotation_of(each) for each in side} for side in (value.keys(), value.values()))
        if len(keys) == len(items) == 1 and None not in keys | items:
            return f"dict[{keys.pop()}, {items.pop()}]"
    return None


def holds_tensors(value: Any) -> bool:
    """Whether a value is what a scripted function may give to a trace: a tensor, or a container of some."""
    if isinstance(value, torch.Tensor):
        return True
    if isinstance(value, list | tuple):
        return bool(value) and all(map(holds_tensors, value))
    return isinstance(value, dict) and bool(value) and all(map(holds_tensors, value.values()))
