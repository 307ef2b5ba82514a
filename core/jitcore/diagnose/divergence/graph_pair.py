"""The graphs of two sides of a program, ready to be run beside each other on the inputs of a trial."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from torch.nn import Module

from jitcore.diagnose.divergence.sides import quiet, seed_all
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.trial import surroundings
from jitcore.diagnose.paired_runs import Runnable
from jitcore.passes.inline import inlined_graph
from jitcore.scripting.library.calls import bind
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.library.unwrapping import program_of

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.sides import Sides
    from jitcore.diagnose.divergence.subject import Arguments
    from jitcore.diagnose.divergence.trial import Trial

_SEED = 0
"""Of both runs, where the trial names none."""


@dataclass(frozen=True)
class _Side:
    """A compiled counterpart, and what it gets of the arguments of each call."""

    compiled: Any
    calls: tuple[Arguments, ...]


class GraphPair:
    """Two graphs of one program: that of its script, or where there is none that of a trace of the other
    inputs, and that of the trace that is diagnosed.

    Attributes: `left`, `right` and `names`, what sentences call both. Each run starts from the state that a
    trial starts from: call `begin` before it, within `running`.

    Raises `JitError`, or RuntimeError with torch's words, where a side has no graph or does not take the
    inputs.
    """

    def __init__(self, sides: Sides, trial: Trial) -> None:
        self._sides = sides
        self._trial = trial
        self._begun = 0
        traced = tuple(sides.subject.traced_part(each) for each in trial.calls)
        other, name = self._counterpart(traced)
        self._both = other, _Side(sides.traced, traced)
        self.names = name, f"trace of {sides.subject.name}"
        self.left, self.right = map(_runnable, self._both, ("left", "right"))

    def _counterpart(self, traced: tuple[Arguments, ...]) -> tuple[_Side, str]:
        sides = self._sides
        if sides.scripted is not None:
            return _Side(sides.scripted, self._trial.calls), f"script of {sides.subject.name}"
        with sides.started(self._trial, _module_of(sides.subject.target)), quiet():
            for arguments in self._trial.calls[:-1]:
                sides.subject.target(*copied(arguments))
            anew = sides.traced_anew(self._trial.calls[-1])
        sides.state.restore()
        sides.state.add([anew])
        return _Side(anew, traced), f"{sides.subject.name} traced anew, with what sets them apart"

    @contextmanager
    def running(self) -> Generator[None]:
        """Context in which both are run; afterwards the program is as it was found."""
        try:
            with surroundings(self._trial), quiet():
                yield
        finally:
            self._sides.state.restore()

    def begin(self) -> None:
        """Start the next of both runs: the left one first."""
        side = self._both[self._begun]
        self._begun += 1
        with self._sides.started(self._trial, _module_of(side.compiled)):
            if self._trial.seed is None:
                seed_all(_SEED)
            for arguments in side.calls[:-1]:
                side.compiled(*copied(arguments))


def _runnable(side: _Side, name: str) -> Runnable:
    found = program_of(side.compiled).find("", "")
    machine = shared_machine()
    schema = found.function.schema
    arguments = bind(schema, copied(side.calls[-1]), {}, machine, found.receiver)
    materializer = machine.interpreter.materializer
    return Runnable(
        inlined_graph(found.function), arguments, materializer, name, True, machine.interpreter.adapt_python
    )


def _module_of(called: Any) -> Module | None:
    owner = called if isinstance(called, Module) else cast("object", getattr(called, "__self__", None))
    return owner if isinstance(owner, Module) else None
