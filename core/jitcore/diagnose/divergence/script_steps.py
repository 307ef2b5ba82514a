"""Where a script first gives another value than Python does: variables and results, statement by
statement."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from jitcore.diagnose.divergence import source_places
from jitcore.diagnose.divergence.outcome import compare, kept
from jitcore.diagnose.divergence.sides import Sides, quiet
from jitcore.diagnose.divergence.source_places import text_of
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial
from jitcore.exec.watching import NodeWatch
from jitcore.tracing import active
from jitcore.tracing.black_box.own_files import is_own_file
from jitcore.types import FunctionType

if TYPE_CHECKING:
    from jitcore.exec.watching import Observer, Values
    from jitcore.ir import Node, Value

_HERE: Final = str(Path(__file__).parent)

_MOST_STEPS: Final = 20_000
_LARGEST: Final = 1 << 16
_SECONDS: Final = 20.0
_NUMBERED: Final = re.compile(r"\.\d+$")
RESULT: Final = "return"
CONDITION: Final = "if"
"""What the result of a function, and a condition, are called among variables; no variable can be."""

Place = tuple[str, int, str]
"""A file, the first line of a statement, and the variable that it gives a value."""


@dataclass
class Steps:
    """The values that statements gave, in order, by their places, which are in the order in which they were
    first met; `lines` (file, line) of all statements that ran, `called` the code of functions that gave
    values, `begun` how often each loop was begun, by file and line, `has_failed` whether a call ended with an
    error."""

    values: dict[Place, list[Any]] = field(default_factory=dict)
    lines: dict[tuple[str, int], None] = field(default_factory=dict)
    called: dict[Place, CodeType] = field(default_factory=dict)
    begun: Counter[tuple[str, int]] = field(default_factory=Counter)
    left: int = _MOST_STEPS
    has_failed: bool = False

    def note(self, place: Place, value: Any) -> None:
        """Remember a value, if it is not too large."""
        if self.left <= 0 or (isinstance(value, torch.Tensor) and value.numel() > _LARGEST):
            return
        self.left -= 1
        state = active.state()
        # What is looked at here is no part of a trace.
        with contextlib.nullcontext() if state is None else state.paused():
            self.values.setdefault(place, []).append(kept(value))


def first_other_step(sides: Sides, trial: Trial) -> tuple[str, int] | None:
    """File and line of the first statement whose value in the script is not the one in Python.

    Of a loop that the script runs less or more often it is that of the loop. Where a function gives something
    else and none of its statements does, the script left out statements because of what it knew when it was
    compiled: it is the first decision of the function.
    """
    eager, scripted = _eager_steps(sides, trial), _script_steps(sides, trial)
    for place, values in eager.values.items():
        others = scripted.values.get(place)
        if others is None:
            continue
        file, line, _ = place
        if any(is_other(value, other) for value, other in zip(values, others, strict=False)):
            code = eager.called.get(place)
            return (file, line) if code is None else _first_decision(code, eager)
        if len(values) != len(others) and not (scripted.has_failed or eager.has_failed):
            loop = _loop_apart(file, line, eager, scripted)
            if loop is not None:
                return file, loop
    return None


def _loop_apart(file: str, line: int, eager: Steps, scripted: Steps) -> int | None:
    """The loop around a line that a script leaves earlier or later than Python: the innermost one that both
    begin as often, since one within it is begun in each of its turns."""
    loops = [head for head, *_ in source_places.loops_around(file, line)]
    alike = (each for each in loops if eager.begun.get((file, each)) == scripted.begun.get((file, each)))
    return next(alike, loops[-1] if loops else None)


def _first_decision(code: CodeType, steps: Steps) -> tuple[str, int]:
    """The first condition of a function that ran, or else the last of its statements that did."""
    file = code.co_filename
    inside = {line for *_, line in code.co_lines() if line is not None}
    ran = [line for where, line in steps.lines if where == file and line in inside]
    decided = [line for line in ran if source_places.decides(file, line)]
    return file, (decided or ran[-1:] or [code.co_firstlineno])[0]


def first_rounded_step(sides: Sides, trial: Trial) -> tuple[str, int] | None:
    """File and line of the first statement that gives something else while it is traced than in eager Python.

    Sizes are tensors then, so that what Python computes of them in double precision is rounded. Where that
    shows only later, it is the first statement that gives anything else at all.
    """
    eager, traced = Steps(), Steps()
    for steps, is_traced in ((eager, False), (traced, True)):
        with sides.before_last(trial) as has_begun:
            if not has_begun:
                return None
            given = copied(trial.calls[-1])
            with contextlib.suppress(Exception, RanTooLongError), followed(steps):
                if is_traced:
                    within(_SECONDS, lambda: sides.traced_anew(trial.calls[-1]))
                else:
                    within(_SECONDS, lambda given=given: sides.subject.target(*given))
    first: tuple[str, int] | None = None
    for place, values in eager.values.items():
        for value, other in zip(values, traced.values.get(place, []), strict=False):
            if first is None and _is_unequal(value, other):
                first = place[0], place[1]
            if _is_rounded(value, other):
                return first or (place[0], place[1])
    return None


def _is_unequal(value: Any, other: Any) -> bool:
    """Whether a tensor is not the same one to the last bit."""
    if not isinstance(value, torch.Tensor) or not isinstance(other, torch.Tensor):
        return False
    return value.shape == other.shape and not torch.equal(value.nan_to_num(), other.nan_to_num())


def _is_rounded(value: Any, other: Any) -> bool:
    if isinstance(value, float) and isinstance(other, torch.Tensor) and not other.dim():
        return other.item() != value and value == value
    if isinstance(value, torch.Tensor) and isinstance(other, torch.Tensor):
        return compare(value, other, "value") is not None
    return False


def is_other(value: Any, other: Any) -> bool:
    """Whether two values are of kinds that can be compared, and differ."""
    if isinstance(value, np.generic) and isinstance(other, np.generic):
        value, other = value.item(), other.item()
    is_simple = isinstance(value, torch.Tensor | bool | int | float | str | list | tuple | dict)
    return is_simple and compare(value, other, "value") is not None


# --- Python -----------------------------------------------------------------------------------------


def _eager_steps(sides: Sides, trial: Trial) -> Steps:
    steps = Steps()
    with sides.started(trial, sides.subject.module), quiet():
        for arguments in trial.calls:
            given = copied(arguments)
            with followed(steps):
                try:
                    within(_SECONDS, lambda given=given: sides.subject.target(*given))
                except (Exception, RanTooLongError):  # noqa: BLE001  # what ran until then is what is wanted
                    steps.has_failed = True
                    return steps
    return steps


@contextmanager
def followed(steps: Steps) -> Generator[None]:
    """Context in which what the statements of a person's files give is noted."""
    waiting: dict[int, tuple[str, _Statement]] = {}

    def finish(frame: FrameType, event: str) -> None:
        found = waiting.pop(id(frame), None)
        if found is None:
            return
        file, statement = found
        for name in statement.names:
            if name in frame.f_locals:
                steps.note((file, statement.line, name), frame.f_locals[name])
        if statement.body is not None and event == "line":
            first, last = statement.body
            steps.note((file, statement.line, CONDITION), first <= frame.f_lineno <= last)

    def note_call(frame: FrameType, given: Any) -> None:
        caller = frame.f_back
        while caller is not None and not is_own_file(caller.f_code.co_filename):
            if caller.f_code.co_filename.startswith(_HERE):
                # The program was called by the diagnosis, whoever called that.
                return
            caller = caller.f_back
        if caller is None:
            return
        file, code = caller.f_code.co_filename, frame.f_code
        statement = statements(text_of(file)).get(caller.f_lineno)
        if statement is not None:
            place = file, statement.line, f"{code.co_name}()"
            steps.called[place] = code
            steps.note(place, given)

    def called(frame: FrameType, _event: str, _argument: Any) -> Any:
        file = frame.f_code.co_filename
        if not is_own_file(file):
            return None

        at = frame.f_lineno

        def stepped(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal at
            finish(frame, event)
            if event == "line":
                body = source_places.bodies_of_loops(text_of(file)).get(frame.f_lineno)
                if body is not None and not body[0] <= at <= body[1]:
                    steps.begun[file, frame.f_lineno] += 1
                at = frame.f_lineno
                statement = statements(text_of(file)).get(frame.f_lineno)
                if statement is not None:
                    steps.lines.setdefault((file, statement.line))
                    waiting[id(frame)] = file, statement
            elif event == "return":
                statement = statements(text_of(file)).get(frame.f_lineno)
                if statement is not None and statement.returns:
                    steps.note((file, statement.line, RESULT), argument)
                note_call(frame, argument)
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield
    finally:
        sys.settrace(before)


# --- the script -------------------------------------------------------------------------------------


def _script_steps(sides: Sides, trial: Trial) -> Steps:
    steps = Steps()
    scripted: Any = sides.scripted
    watcher: Observer = _Watcher(steps)
    with (
        sides.started(trial, sides.subject.module),
        quiet(),
        scripted._machine.interpreter.observed(watcher),
    ):
        for arguments in trial.calls:
            given = copied(arguments)
            try:
                within(_SECONDS, lambda given=given: scripted(*given))
            except (Exception, RanTooLongError):  # noqa: BLE001  # as above
                steps.has_failed = True
                return steps
    return steps


class _Watcher:
    """An observer of nodes that notes the values of variables and results."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def watch(self, node: Node, function: str) -> NodeWatch | None:
        """Hooks that note what a node gave."""
        noted = self._places(node)
        if not noted and node.kind != "prim::Loop":
            return None
        steps = self._steps

        def decided(given: Values) -> None:
            for place, is_input, number in noted:
                if place[2] == CONDITION and is_input:
                    steps.note(place, bool(given[number]))

        place_of_loop = _line_of(node) if node.kind == "prim::Loop" else None

        def gave(given: Values, outputs: Values) -> None:
            if place_of_loop is not None:
                steps.begun[place_of_loop] += 1
            for place, is_input, number in noted:
                steps.lines.setdefault(place[:2])
                if number >= 0 and place[2] != CONDITION:
                    steps.note(place, given[number] if is_input else outputs[number])

        return NodeWatch(given=decided, gave=gave)

    def watch_turns(self, node: Node, function: str) -> None:
        """Turns are not noted."""

    def _places(self, node: Node) -> list[tuple[Place, bool, int]]:
        """What is noted of a node: the place, whether it is an input, and which (-1: only the place)."""
        placed = _line_of(node)
        if placed is None or not is_own_file(placed[0]):
            return []
        file, line = placed[0], placed[1]
        statement = statements(text_of(file)).get(line)
        if statement is None:
            return []
        found: list[tuple[Place, bool, int]] = [((file, statement.line, ""), True, -1)]
        called = _called(node)
        if called and len(node.outputs) == 1:
            found.append(((file, statement.line, f"{called}()"), False, 0))
        if node.kind == "prim::If" and statement.body is not None:
            found.append(((file, statement.line, CONDITION), True, 0))
        if statement.changes and node.inputs:
            name = _NUMBERED.sub("", node.inputs[0].debug_name or "")
            if name == statement.changes:
                found.append(((file, statement.line, name), True, 0))
        for number, value in enumerate(node.outputs):
            name = _NUMBERED.sub("", value.debug_name or "")
            if name in statement.names:
                found.append(((file, statement.line, name), False, number))
            elif statement.returns and _is_given(value):
                found.append(((file, statement.line, RESULT), False, number))
        return found


def _called(node: Node) -> str:
    """The name of the function that a node calls; empty where it calls none."""
    if node.kind == "prim::CallMethod":
        return str(node.attributes["name"])
    if node.kind == "prim::CallFunction" and isinstance(node.inputs[0].type, FunctionType):
        return node.inputs[0].type.qualified_name.rpartition(".")[2]
    return ""


def _line_of(node: Node) -> tuple[str, int] | None:
    """File and line of a node; of one that takes a tuple apart, those of what made the tuple."""
    source = node.source_range
    if source is None and node.inputs:
        source = node.inputs[0].node.source_range
    placed = None if source is None else source.origin_line_col()
    return None if placed is None else (placed[0], placed[1])


def _is_given(value: Value) -> bool:
    """Whether a value is what its block gives to whoever runs it."""
    block = value.node.block
    return block is not None and any(each is value for each in block.outputs)


# --- statements -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Statement:
    line: int
    names: tuple[str, ...]
    returns: bool
    changes: str = ""
    body: tuple[int, int] | None = None


@lru_cache(maxsize=64)
def statements(text: str) -> dict[int, _Statement]:
    """The simple statement at each line of a file: its first line, variables that it sets, what it
    returns."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, _Statement] = {}
    for node in ast.walk(tree):
        if not isinstance(
            node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr | ast.If | ast.While
        ):
            continue
        names: tuple[str, ...] = ()
        if isinstance(node, ast.Assign):
            names = tuple(
                each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
            )
        elif isinstance(node, ast.AugAssign | ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = (node.target.id,)
        changes = ""
        match node:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(changes)))):
                names = (changes,)
            case _:
                pass
        body = None
        if isinstance(node, ast.If):
            body = node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno
        last = node.test.end_lineno if isinstance(node, ast.If | ast.While) else node.end_lineno
        for line in range(node.lineno, (last or node.lineno) + 1):
            found.setdefault(
                line, _Statement(node.lineno, names, isinstance(node, ast.Return), changes, body)
            )
    return found
