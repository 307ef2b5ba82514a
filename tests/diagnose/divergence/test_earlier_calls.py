"""Calls before the last of a trial may raise, or never end: what they end is that trial, and no diagnosis."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.diagnose.divergence.changed_steps import first_changed_step
from jitcore.diagnose.divergence.observing import (
    decisions_of,
    depends_on_draws,
    harmful_state,
    observe_eager,
    observe_trace,
)
from jitcore.diagnose.divergence.script_steps import first_rounded_step
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.subject import Subject
from jitcore.diagnose.divergence.trial import Trial
from tests.diagnose.divergence.remedied_program import dedented, module_of

X = torch.tensor([1.0, 2.0])
_COUNTING = """
        CALLS = [0]

        def T(x):
            CALLS[0] += 1
            if CALLS[0] == 2:
                {ending}
            y = x * CALLS[0]
            return y + 1
        """
ENDINGS = {"raises": "raise ValueError('no second time')", "hangs": "while True: pass"}
OBSERVATIONS: dict[str, tuple[Callable[[Sides, Trial], Any], Any]] = {
    "first_changed_step": (first_changed_step, None),
    "first_rounded_step": (first_rounded_step, None),
    "decisions_of": (decisions_of, []),
    "depends_on_draws": (depends_on_draws, False),
    "harmful_state": (harmful_state, []),
    "observe_eager": (lambda sides, trial: observe_eager(sides, trial).path.lines, {}),
    "observe_trace": (lambda sides, trial: observe_trace(sides, trial).rows, []),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", OBSERVATIONS)
def test_nothing_is_observed_after_a_call_that_does_not_end_well(
    name: str, ending: str, tmp_path: Path
) -> None:
    text = dedented(_COUNTING).replace("{ending}", ENDINGS[ending])
    sides = Sides(Subject(module_of(text, tmp_path).T, (X,)))
    sides.call_limit = 0.05
    given = sides.subject.arguments
    observe, nothing = OBSERVATIONS[name]
    assert observe(sides, Trial((given, given, given), "calls", "the same inputs, three times")) == nothing


@pytest.mark.parametrize("name", ["first_changed_step", "decisions_of", "observe_eager", "observe_trace"])
def test_something_is_observed_after_calls_that_do(name: str, tmp_path: Path) -> None:
    text = dedented(_COUNTING).replace("{ending}", "x = x + 0")
    sides = Sides(Subject(module_of(text, tmp_path).T, (X,)))
    given = sides.subject.arguments
    observe, nothing = OBSERVATIONS[name]
    assert observe(sides, Trial((given, given, given), "calls", "the same inputs, three times")) != nothing


def test_a_first_call_that_all_sides_refuse_ends_no_diagnosis(tmp_path: Path) -> None:
    text = """
        import torch

        def T(x):
            try:
                root = torch.linalg.cholesky(x)
            except RuntimeError as error:
                raise ValueError("not positive") from error
            if root.norm() + 1 < 0:
                return root * 2
            return root
        """
    # Other values are tried in a call before that of the trace, and are refused by Python and the trace.
    found = compare(module_of(dedented(text), tmp_path).T, (torch.eye(2) * 2,))
    assert not found.diverged
    assert [each.flipped for each in found.decisions if each.kind == "branch"] == [False]
