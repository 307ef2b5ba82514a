"""The three sides of a program: eager Python, our trace of it, our script of it; run alike."""

from __future__ import annotations

import contextlib
import io
import random
import re
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from types import FunctionType
from typing import Any, Final

import numpy as np
import torch
from torch.nn import Module
from torch.nn.parameter import is_lazy

import jitcore
from jitcore.diagnose.divergence.outcome import Difference, Outcome, difference_of, kept
from jitcore.diagnose.divergence.state import ProgramState
from jitcore.diagnose.divergence.subject import Arguments, Subject, copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial, surroundings
from jitcore.exec.executor.settings import SETTINGS
from jitcore.source import JitError
from jitcore.tracing.black_box import BlackBox, Decision, black_box
from jitcore.tracing.black_box.own_files import is_own_file

_FIRST_LIMIT = 600.0
_CALL_LIMIT, _CALLS_LIMIT = 1.5, 20
"""Seconds that a call may take on other inputs, and how many times what it took on those of the trace."""

_PLANNING: Final = 20.0
"""Seconds more for the first call of a compiled side, of which nothing has been planned yet."""

_WARM = 0.02
"""Seconds of a first call above which it is timed once more."""

_ERROR_FILE = re.compile(r'^ *File "([^"]+)", line', re.MULTILINE)
_NOT_TAKEN = (
    "Expected a value of type", "missing value for argument", "expected at most", "Unknown keyword",
    "Expected a proper Tensor but got None",
)  # fmt: skip
"""How the refusal of arguments begins or goes on that a compiled function was not declared for. The last is
that of a parameter without an annotation, a tensor therefore, that is left at its default None."""


class Sides:
    """A program and its compiled counterparts.

    Attributes: `subject`, `state` from which all runs start, `traced` and `scripted` (None where that cannot
    be made), `trace_refusal` and `script_refusal` why not, `decisions` that the trace burnt in, or that were
    made until it was refused, `eager_seconds` of one call.
    """

    def __init__(self, subject: Subject, needs_trace: bool = True) -> None:
        """Trace and script a program.

        Raises `JitError` where the program raises on its own inputs, has parameters without sizes, where it
        cannot be traced and `needs_trace`, or where it can neither be traced nor scripted.
        """
        self.subject = subject
        _refuse_uninitialized(subject)
        self.state = ProgramState([subject.target, subject.arguments])
        self.runs = 0
        self._planned: set[int] = set()
        self.call_limit = _FIRST_LIMIT
        self.mode_readers = mode_readers(subject.module)
        first = self._timed_eager()
        if first.failed:
            raise _refusal(f"{subject.name} raises on its inputs", first.error)
        self.expected = first
        self.call_limit = max(_CALL_LIMIT, _CALLS_LIMIT * self._wall_seconds)
        self.state.restore()
        if self.eager_seconds > _WARM:
            # The first call of a kind of operator takes longer than all that follow.
            self._timed_eager()
            self.state.restore()
        self.trace_refusal = ""
        self.trace_error: Exception | None = None
        self.traced, self.decisions = self._trace()
        if self.traced is None and needs_trace:
            raise JitError(self.trace_refusal) from self.trace_error
        if any(_is_flag(each) for each in self.decisions):
            # A function that is given the module reads its flag.
            self.mode_readers |= own_classes(subject.module)
        self.state.restore()
        self.scripted, self.script_refusal = self._script()
        self.state.restore()
        if self.traced is None and self.scripted is None:
            raise JitError(f"{self.trace_refusal}; and there is no script: {self.script_refusal}")
        self.state.add([each for each in (self.traced, self.scripted) if each is not None])

    def _timed_eager(self) -> Outcome:
        begun, begun_working = time.perf_counter(), time.process_time()
        found = self._call(self.subject.target, self.subject.arguments, self.call_limit)
        self._wall_seconds = time.perf_counter() - begun
        # What else runs on the machine is no work of the program's; nor are several cores several seconds.
        self.eager_seconds = min(self._wall_seconds, time.process_time() - begun_working)
        return found

    def _trace(self) -> tuple[Any, list[Decision]]:
        subject = self.subject
        made = None
        with quiet(), black_box() as box:
            try:
                made = self.traced_anew(subject.arguments)
            except Exception as error:  # noqa: BLE001  # a program may raise anything, only while it is traced too
                self.trace_error = error
                self.trace_refusal = str(_refusal(f"{subject.name} cannot be traced", error))
        return made, all_decisions(box)

    def _script(self) -> tuple[Any, str]:
        try:
            with quiet():
                made = jitcore.script(self.subject.target)
        except Exception as error:  # noqa: BLE001  # the compiler evaluates annotations and constants of a person
            return None, _first_line(error)
        if isinstance(made, Module) and not hasattr(made, "forward"):
            # Modules whose forward is overloaded have one for each sort of inputs, under other names.
            return None, f"the script of {self.subject.name} has no method forward"
        return made, ""

    def traced_anew(self, arguments: Arguments) -> Any:
        """The trace of one call of the program, from the state that it is in."""
        return traced(self.subject.for_trace(arguments), copied(self.subject.traced_part(arguments)))

    # --- running --------------------------------------------------------------------------------

    def eager(self, trial: Trial) -> list[Outcome]:
        """What the program gives, call by call, from its noted state."""
        return self._run(self.subject.target, trial, self._module_of(self.subject.target))

    def eager_of(self, target: Callable[..., Any], trial: Trial) -> list[Outcome]:
        """What another program gives, call by call, from the state that it is in."""
        return self._run(target, trial, self._module_of(target))

    def trace(self, trial: Trial) -> list[Outcome] | None:
        """What the trace gives; None where there is none."""
        if self.traced is None:
            return None
        return self._run(self._traced_call, trial, self._module_of(self.traced))

    def script(self, trial: Trial) -> list[Outcome] | None:
        """What the script gives; None where it does not take such arguments."""
        if self.scripted is None:
            return None
        found = self._run(self.scripted, trial, self._module_of(self.scripted))
        is_of_trace = all(given is self.subject.arguments for given in trial.calls)
        for each in found:
            said = str(each.error).strip()
            why = ""
            if each.failed and any(words in said for words in _NOT_TAKEN):
                why = "the script does not take the inputs of the trace"
            elif each.failed and is_of_trace and _is_refused_by_library(said):
                why = "a library refuses to run as a script"
            if why:
                if is_of_trace:
                    self.scripted = None
                    self.script_refusal = f"{why}: {said.splitlines()[-1]}"
                return None
        return found

    def differences(
        self, trial: Trial
    ) -> tuple[list[Outcome], Difference | None, Difference | None, int, int] | None:
        """Eager outcomes, how the trace and the script differ from them, and in which call each of them does.

        None where eager Python itself raises: such an input says nothing. Unless a person's own file
        raises, for
        values that the trace takes: then Python decided not to go on.
        """
        expected = self.eager(trial)
        if any(each.failed for each in expected) and not (
            trial.change in _VALUES_ONLY and raises_by_itself(expected[-1].error)
        ):
            return None
        traced, scripted = self.trace(trial), self.script(trial)
        by_trace, call = (None, 0) if traced is None else _first_difference(expected, traced)
        by_script, other_call = (None, 0) if scripted is None else _first_difference(expected, scripted)
        return expected, by_trace, by_script, call, other_call

    def _traced_call(self, *arguments: Any) -> Any:
        return self.traced(*self.subject.traced_part(arguments))

    def _module_of(self, called: Any) -> Module | None:
        if isinstance(called, Module):
            return called
        owner = getattr(called, "__self__", None)
        return owner if isinstance(owner, Module) else None

    def _run(self, called: Callable[..., Any], trial: Trial, module: Module | None) -> list[Outcome]:
        with self.started(trial, module):
            outcomes: list[Outcome] = []
            for arguments in trial.calls:
                outcomes.append(self._call(called, arguments, self._limit_of(called)))
                if outcomes[-1].failed:
                    break
            return outcomes

    def _limit_of(self, called: Callable[..., Any]) -> float:
        """Seconds that the next call may take."""
        compiled = self.traced if called == self._traced_call else called
        if compiled is self.subject.target or id(compiled) in self._planned:
            return self.call_limit
        self._planned.add(id(compiled))
        return self.call_limit + _PLANNING

    @contextmanager
    def started(self, trial: Trial, module: Module | None) -> Generator[None]:
        """Context in which a program is in the state and the modes in which a trial starts.

        Whoever is done with all trials restores the state.
        """
        self.state.restore()
        if trial.seed is not None:
            seed_all(trial.seed)
        if module is not None and trial.training is not None:
            self._set_mode(module, trial.training)
        # As written: what an executor makes of it means the same up to rounding, and is long in the making.
        as_written = contextlib.nullcontext() if trial.within == "the executor" else SETTINGS.interpreting()
        with surroundings(trial), as_written:
            yield

    @contextmanager
    def before_last(self, trial: Trial) -> Generator[bool]:
        """Context in which all calls of a trial but the last were made, as `started`; whether each of them
        ended well. The first that raises or runs for too long is the last that is made."""
        with self.started(trial, self.subject.module), quiet():
            yield all(not self.outcome_of(each).failed for each in trial.calls[:-1])

    def _set_mode(self, module: Module, training: bool) -> None:
        """Put modules into a mode: standard layers that were traced in eval mode, as they should be, stay
        in it."""
        if not training:
            module.eval()
            return
        for path, each in module.named_modules():
            if path.removeprefix("inner.") in self.mode_readers or path in self.mode_readers:
                each.training = True

    def outcome_of(self, arguments: Arguments) -> Outcome:
        """What one call of the program gives in the state that it is in."""
        return self._call(self.subject.target, arguments, self.call_limit)

    def _call(self, called: Callable[..., Any], arguments: Arguments, limit: float) -> Outcome:
        self.runs += 1
        given = copied(arguments)
        try:
            with quiet():
                result = within(limit, lambda: called(*given))
        except RanTooLongError as error:
            return Outcome(error=error)
        except Exception as error:  # noqa: BLE001  # whatever a person's own code raises
            return Outcome(error=error)
        return Outcome(kept(result), kept(given))


def _refuse_uninitialized(subject: Subject) -> None:
    """Raise `JitError` for a module whose parameters get their sizes in its first call: it changes its class
    there, and cannot be put back."""
    module = subject.module
    if module is None:
        return
    tensors = (*module.named_parameters(), *module.named_buffers())
    found = [name for name, each in tensors if is_lazy(each)]
    if found:
        raise JitError(
            f"{subject.name} has uninitialized parameters {', '.join(found)}: call it once on an example "
            "before it is compared"
        )


def all_decisions(box: BlackBox) -> list[Decision]:
    """The lists of a box as one: decisions first, then what else it tells."""
    return [
        *box.decisions,
        *box.captured,
        *box.random,
        *box.writes,
        *box.side_effects,
        *box.modes,
        *box.methods,
    ]


def traced(target: Any, given: Arguments) -> Any:
    """The trace of a program, which may give dicts and lists."""
    return jitcore.trace(target, given, check_trace=False, strict=False)


_VALUES_ONLY = ("values", "solved", "given", "calls")
"""Changes of inputs that leave their sizes and types as they were."""


def raises_by_itself(error: BaseException | None) -> bool:
    """Whether an error was raised by a person's own `assert` or `raise`, and not by what it calls."""
    if error is None or error.__traceback__ is None:
        return False
    last = traceback.extract_tb(error.__traceback__)[-1]
    said = (last.line or "").lstrip()
    return is_own_file(last.filename) and (isinstance(error, AssertionError) or said.startswith("raise"))


def mode_readers(module: Module | None) -> frozenset[str]:
    """Paths of the modules whose own class, in a person's file, reads whether they are trained."""
    if module is None:
        return frozenset()
    return frozenset(path for path, each in module.named_modules() if _reads_mode(type(each)))


def own_classes(module: Module | None) -> frozenset[str]:
    """Paths of the modules whose class is in a person's file."""
    if module is None:
        return frozenset()
    files = ((path, sys.modules.get(type(each).__module__)) for path, each in module.named_modules())
    return frozenset(path for path, home in files if is_own_file(getattr(home, "__file__", None) or ""))


def _is_flag(decision: Decision) -> bool:
    return not decision.library and any(read.what == "training" for read in decision.reads)


@cache
def _reads_mode(kind: type) -> bool:
    functions = (
        value for base in kind.__mro__ for value in vars(base).values() if isinstance(value, FunctionType)
    )
    return any(
        is_own_file(each.__code__.co_filename) and "training" in each.__code__.co_names for each in functions
    )


def seed_all(seed: int) -> None:
    """Seed what a program draws from."""
    random.seed(seed)
    np.random.seed(seed)  # what a program without a generator of its own draws from
    torch.manual_seed(seed)


@contextmanager
def quiet() -> Generator[None]:
    """Context in which a program neither prints nor warns: it runs hundreds of times."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _first_difference(expected: list[Outcome], found: list[Outcome]) -> tuple[Difference | None, int]:
    for call, (one, other) in enumerate(zip(expected, found, strict=False)):
        differing = difference_of(one, other)
        if differing is not None:
            return differing, call
    return None, 0


def _refusal(what: str, error: BaseException | None) -> JitError:
    kind = type(error).__name__
    return JitError(f"{what}: {kind}: {_first_line(error)}")


def _is_refused_by_library(words: str) -> bool:
    """Whether the error of a script is one that a library raises by itself, innermost."""
    files = _ERROR_FILE.findall(words)
    # What a program raises is told by its class, what an operator raises is not.
    is_raised = words.rpartition("\n")[2].startswith("builtins.")
    return is_raised and bool(files) and not is_own_file(files[-1])


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
