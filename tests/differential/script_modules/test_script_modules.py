"""jitcore makes of modules what torch.jit.script makes of them, and refuses the same ones."""

import warnings
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.differential.agreement import Outcome
from tests.differential.corpus.language.programs import Program
from tests.differential.script_modules.comparison import compare
from tests.differential.script_modules.programs import programs, refusals
from tests.differential.script_modules.samples import samples, wrong_calls


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # Samples of torch's are of what it has deprecated, too.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check(outcomes: list[Outcome]) -> Counter[str]:
    wrong = [f"{o.subject} {o.aspect}: {o.detail}" for o in outcomes if o.status != "equal"]
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])
    return Counter(outcome.aspect for outcome in outcomes)


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_program_is_compiled_and_run_alike(program: Program) -> None:
    counts = _check(compare(program.name, program.target, program.calls))
    assert counts["run"] == len(program.calls)


@pytest.mark.parametrize("number", range(len(refusals())))
def test_what_torch_refuses_is_refused(number: int) -> None:
    assert _check(compare("refused", refusals()[number])) == {"refused": 1}


def test_modules_of_torch_nn() -> None:
    seen: set[type] = set()
    counts: Counter[str] = Counter()
    for name, make, calls in samples(every=False):
        kind = type(make())
        if kind in seen:
            continue
        seen.add(kind)
        counts += _check(compare(name, make, calls))
    assert len(seen) >= 140
    assert counts["graph"] >= 300
    assert counts["run"] >= 130


def test_wrong_calls_are_refused_in_the_words_of_torch() -> None:
    counts: Counter[str] = Counter()
    for name, make, calls in wrong_calls():
        counts += _check(compare(name, make, calls))
    assert counts["run"] >= 40
