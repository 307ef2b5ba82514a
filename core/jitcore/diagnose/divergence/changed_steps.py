"""Where a call first has another value than an equal call before it: variables and results, statement by
statement."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.divergence.script_steps import Steps, followed, is_other
from jitcore.diagnose.divergence.subject import copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.sides import Sides

_SECONDS: Final = 20.0


def first_changed_step(sides: Sides, trial: Trial) -> tuple[str, int] | None:
    """File and line of the first statement that gives something else in the last call of a trial than in the
    call that was traced; None where that is called with other arguments, an earlier call does not end well,
    or nothing else is given."""
    arguments = sides.subject.arguments
    if any(each is not arguments for each in trial.calls):
        return None
    first = _steps_of_last(sides, Trial((arguments,), "given", ""))
    last = _steps_of_last(sides, trial)
    for place, values in last.values.items():
        others = first.values.get(place, [])
        if any(is_other(value, other) for value, other in zip(values, others, strict=False)):
            return place[0], place[1]
    return None


def _steps_of_last(sides: Sides, trial: Trial) -> Steps:
    steps = Steps()
    with sides.before_last(trial) as has_begun:
        if not has_begun:
            return steps
        given = copied(trial.calls[-1])
        with contextlib.suppress(Exception, RanTooLongError), followed(steps):
            within(_SECONDS, lambda: sides.subject.target(*given))
    return steps
