"""A part of the report on executors, as often as the suite runs: no program may differ that is not listed."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest

from tests.differential.agreement import Outcome
from tests.differential.corpus import language, modules
from tests.differential.corpus.batch import Batch
from tests.differential.executor import pointwise
from tests.differential.executor.comparison import FUSING_MODES, MODES, Mode, compare

OTHERWISE = ("language.combinations.generator_use",)
"""Programs that are known to differ: torch prints the state that a generator has by then."""

WITHOUT_GRADIENTS = [mode for mode in MODES if not mode.gradients]


def outcomes(batches: list[Batch], mode: Mode) -> Counter[str]:
    """Counts of what was equal, by aspect; fails on the first that is not."""
    equal: Counter[str] = Counter()
    for batch in batches:
        for call in batch.calls if batch.archive and batch.name not in OTHERWISE else ():
            for outcome in compare(batch.name, batch.archive, call.method, call.inputs, mode):
                assert outcome.status in ("equal", "skipped"), told(outcome)
                equal[outcome.aspect] += outcome.status == "equal"
    return equal


def told(outcome: Outcome) -> str:
    return f"{outcome.aspect} of {outcome.subject}: {outcome.detail}\n{outcome.diff()}"


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        # TorchScript is deprecated as a whole, and samples warn of all sorts.
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("mode", WITHOUT_GRADIENTS, ids=str)
def test_language(mode: Mode):
    chosen = list(language.batches())[:: 4 if mode.varying else 3]
    equal = outcomes(chosen, mode)
    assert equal["run 1"] > 80
    assert equal["run 5"] > 80


def test_language_with_gradients():
    equal = outcomes(list(language.batches())[1::5], Mode(True, True))
    assert equal["run 5"] > 40
    assert equal["values"] > 250


def test_modules_of_torch_nn():
    named = [batch for batch in modules.batches(False) if "EmbeddingBag" not in batch.name]
    equal = outcomes([batch for batch in named if "LSTM" not in batch.name][::12], Mode(False, True))
    assert equal["run 5"] > 15
    equal = outcomes(named[5::24], Mode(True, False))
    assert equal["run 5"] > 8


@pytest.mark.parametrize("mode", [*FUSING_MODES[:2], FUSING_MODES[4]], ids=str)
def test_fused_programs(mode: Mode):
    equal = outcomes(list(pointwise.batches(40, 1000)), mode)
    assert equal["run 5"] > 35
    assert equal["graph_for"] > 35


def test_fused_language_and_modules():
    chosen = list(language.batches())[1::9]
    named = [batch for batch in modules.batches(False) if "EmbeddingBag" not in batch.name]
    equal = outcomes(chosen + [batch for batch in named if "LSTM" not in batch.name][5::40], FUSING_MODES[1])
    assert equal["run 5"] > 30
