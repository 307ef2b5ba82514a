"""Runs a trial once more under observation: the way it takes, what Python reads, and the graph it would
be."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any, Final

from jitcore.diagnose.divergence.graph_rows import Row, rows_of
from jitcore.diagnose.divergence.outcome import Outcome, difference_of
from jitcore.diagnose.divergence.path import Path
from jitcore.diagnose.divergence.sides import Sides, all_decisions
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial
from jitcore.diagnose.divergence.watch import ReadWatch, Spot
from jitcore.tracing.black_box import Decision, black_box

_SECONDS: Final = 20.0
"""For one call under observation, which takes a multiple of the time."""


_MOST_CHANGES: Final = 40


@dataclass
class Observed:
    """What happened in the last call of a trial.

    Attributes: `path` taken; `reads` of tensors by spot, in the order of spots; `of_sizes`, those of sizes;
    `of_buffers`, those of parameters and buffers; `rows` of the graph, empty where it was not traced;
    `refusal`, why a trace of it ended early.
    """

    path: Path
    reads: dict[Spot, list[Any]]
    of_sizes: set[Spot] = field(default_factory=set)
    of_buffers: set[Spot] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    refusal: str = ""


def observe_eager(sides: Sides, trial: Trial) -> Observed:
    """The last call of a trial in eager Python; until it raises, if it does. Nothing where an earlier call
    does."""
    path, watch = Path(), ReadWatch()
    observed = Observed(path, watch.values, watch.of_sizes, watch.of_buffers)
    with sides.before_last(trial) as has_begun:
        if not has_begun:
            return observed
        given = copied(trial.calls[-1])
        with contextlib.suppress(Exception, RanTooLongError), watch, path.followed():
            within(_SECONDS, lambda: sides.subject.target(*given))
    return observed


def observe_trace(sides: Sides, trial: Trial, answers: dict[Spot, list[Any]] | None = None) -> Observed:
    """The last call of a trial, traced; with `answers` spots read what they are given and not what is so."""
    path, watch = Path(), ReadWatch(answers)
    observed = Observed(path, watch.values, watch.of_sizes, watch.of_buffers)
    if sides.traced is None:
        observed.refusal = sides.trace_refusal
        return observed
    with sides.before_last(trial) as has_begun:
        if not has_begun:
            observed.refusal = "an earlier call does not end well"
            return observed
        try:
            with watch, path.followed():
                made = within(_SECONDS, lambda: sides.traced_anew(trial.calls[-1]))
        except RanTooLongError:
            observed.refusal = "it ran for too long"
            return observed
        except Exception as error:  # noqa: BLE001  # a program may raise anything, where it reads another answer too
            observed.refusal = f"{type(error).__name__}: {error}"
            return observed
        observed.rows = rows_of(made)
    return observed


def decisions_of(sides: Sides, trial: Trial) -> list[Decision]:
    """All that the last call of a trial decides when it is traced, as the black box tells it.

    What the box noted until then, where the trace fails; nothing where an earlier call does.
    """
    with sides.before_last(trial) as has_begun, black_box() as box:
        if not has_begun:
            return []
        try:
            within(_SECONDS, lambda: sides.traced_anew(trial.calls[-1]))
        except (Exception, RanTooLongError):  # noqa: BLE001  # what was decided until then is what is wanted
            return all_decisions(box)
    return all_decisions(box)


def depends_on_draws(sides: Sides, trial: Trial) -> bool:
    """Whether the last call of a trial gives something else where draws start as they did in the first, and
    the same where they do not."""
    expected = sides.eager(trial)[-1]
    with sides.before_last(trial) as has_begun:
        if not has_begun:
            return False
        again = sides.outcome_of(trial.calls[-1])
    if _is_other(expected, again):
        return False
    with sides.before_last(trial) as has_begun:
        if not has_begun:
            return False
        sides.state.restore_draws()
        found = sides.outcome_of(trial.calls[-1])
    return _is_other(expected, found)


def _is_other(one: Outcome, other: Outcome) -> bool:
    return difference_of(one, other) is not None or one.failed != other.failed


def harmful_state(sides: Sides, trial: Trial) -> list[str]:
    """Names of what earlier calls of a trial changed and the last call depends on.

    Each is put back alone before the last call: where that gives something else, it matters.
    """
    names: list[str] = []
    place = 0
    expected = sides.eager(trial)[-1]
    while True:
        with sides.before_last(trial) as has_begun:
            if not has_begun:
                return names
            changes = sides.state.changed()
            if place >= min(len(changes), _MOST_CHANGES):
                return names
            changes[place].undo()
            found = sides.outcome_of(trial.calls[-1])
        if _is_other(expected, found):
            names.append(changes[place].name)
        place += 1
