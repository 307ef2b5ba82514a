"""Runs a trial once more under observation: the way it takes, what Python reads, and the graph it would
be."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jitcore.diagnose.divergence.graph_rows import Row, rows_of
from jitcore.diagnose.divergence.path import Path
from jitcore.diagnose.divergence.sides import Sides, quiet
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.trial import Trial
from jitcore.diagnose.divergence.watch import ReadWatch, Spot


@dataclass
class Observed:
    """What happened in the last call of a trial.

    Attributes: `path` taken; `reads` of tensors by spot, in the order of spots; `rows` of the graph, empty
    where
    it was not traced; `refusal`, why a trace of it ended early.
    """

    path: Path
    reads: dict[Spot, list[Any]]
    rows: list[Row] = field(default_factory=list)
    refusal: str = ""


def observe_eager(sides: Sides, trial: Trial) -> Observed:
    """The last call of a trial in eager Python."""
    path, watch = Path(), ReadWatch()
    with _before_last(sides, trial):
        given = copied(trial.calls[-1])
        with watch, path.followed():
            sides.subject.target(*given)
    return Observed(path, watch.values)


def observe_trace(sides: Sides, trial: Trial, answers: dict[Spot, list[Any]] | None = None) -> Observed:
    """The last call of a trial, traced; with `answers` spots read what they are given and not what is so."""
    path, watch = Path(), ReadWatch(answers)
    observed = Observed(path, watch.values)
    with _before_last(sides, trial):
        try:
            with watch, path.followed():
                made = sides.traced_anew(trial.calls[-1])
        except Exception as error:  # noqa: BLE001  # a program may raise anything, where it reads another answer too
            observed.refusal = f"{type(error).__name__}: {error}"
            return observed
        observed.rows = rows_of(made)
    return observed


@contextmanager
def _before_last(sides: Sides, trial: Trial) -> Generator[None]:
    """Context in which all calls of a trial but the last were made."""
    with sides.started(trial, sides.subject.module), quiet():
        for arguments in trial.calls[:-1]:
            sides.subject.target(*copied(arguments))
        yield
