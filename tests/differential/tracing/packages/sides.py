"""Asks whether eager Python, trace and script of a case agree, and holds what is told against torch."""

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import Module

from jitcore.diagnose.divergence.comparing import compare
from jitcore.diagnose.divergence.diagnosis import Diagnosis
from jitcore.diagnose.divergence.outcome import Outcome, difference_of, kept
from jitcore.diagnose.divergence.sides import seed_all
from jitcore.diagnose.divergence.subject import Subject, copied
from jitcore.diagnose.divergence.trial import Trial
from jitcore.source import JitError
from tests.differential.tracing.case import Case
from tests.optimized_bodies import optimize_bodies

STATUSES = ("agree", "differ truly", "accused falsely", "refused")
"""What a diagnosis says of a case; sides differ truly where those of torch do with the same inputs."""


class _ByName(Module):
    """A module whose inputs are given by name, with the arguments of a call by place."""

    def __init__(self, inner: Module, names: tuple[str, ...]) -> None:
        super().__init__()
        self.inner = inner
        self.names = names

    def forward(self, *given: Any) -> Any:
        return self.inner(**dict(zip(self.names, given, strict=True)))


@dataclass(frozen=True)
class Answer:
    """What is said of a case: `status`, one of `STATUSES`, and more in one line."""

    status: str
    said: str


def ask(case: Case) -> Answer:
    """The diagnosis of one case."""
    subject = case.make()
    keywords = case.options.get("example_kwarg_inputs")
    if isinstance(keywords, dict):
        subject, inputs = _ByName(subject, tuple(keywords)).train(subject.training), tuple(keywords.values())
    else:
        inputs = case.inputs if isinstance(case.inputs, tuple) else (case.inputs,)
    anew = copy.deepcopy(subject)
    apart: list[Trial] = []
    try:
        found = compare(subject, inputs, look=lambda _, trial: apart.append(trial))
    except JitError as error:
        return Answer("refused", str(error).partition("\n")[0])
    if not found.diverged:
        return Answer("agree", f"{found.tried} inputs tried, {found.refused} refused")
    differs = _torch_differs(anew, inputs, apart[0], found.agree["eager-trace"] is False)
    return Answer("differ truly" if differs else "accused falsely", _told(found))


def _torch_differs(subject: Any, inputs: tuple[Any, ...], trial: Trial, is_traced: bool) -> bool:
    """Whether what torch makes of a program differs from it in the calls of a trial."""

    def compiled() -> Any:
        own = Subject(copy.deepcopy(subject), inputs)
        if not is_traced:
            script = torch.jit.script(own.target)
            optimize_bodies(script)
            return script
        made = torch.jit.trace(
            own.for_trace(inputs), copied(own.traced_part(inputs)), check_trace=False, strict=False
        )
        return lambda *given: made(*own.traced_part(given))

    with warnings.catch_warnings(), torch.jit.optimized_execution(False):
        warnings.simplefilter("ignore")
        seed_all(0)
        made = compiled()
        outcomes: list[list[Outcome]] = []
        for called in (copy.deepcopy(subject), made):
            if trial.training is not None and isinstance(called, Module):
                called.train(trial.training)
            seed_all(0 if trial.seed is None else trial.seed)
            outcomes.append([_outcome(called, copied(given)) for given in trial.calls])
    return any(difference_of(expected, found) is not None for expected, found in zip(*outcomes, strict=True))


def _outcome(called: Callable[..., Any], given: tuple[Any, ...]) -> Outcome:
    try:
        return Outcome(kept(called(*given)), kept(given))
    except Exception as error:
        return Outcome(error=error)


def _told(found: Diagnosis) -> str:
    pairs = ", ".join(pair for pair, agrees in found.agree.items() if agrees is False)
    first = found.cause
    place = "" if first is None else f" ({first.cause}, {first.file}:{first.line}: {first.expression[:100]})"
    return f"{pairs} differ{place} with {found.made}: {found.difference[:300]}"
