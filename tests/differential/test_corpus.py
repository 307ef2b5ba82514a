"""jitcore and torch.jit print and run programs over torch.nn, operator samples and the language alike."""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tests.differential.corpus import language, modules, operators
from tests.differential.corpus.batch import Batch
from tests.differential.corpus.verdict import Verdict, judge

OPERATOR_PARTS = 6

# What torch 2.13 neither scripts nor traces, or what is abstract or only a name for another class.
NOT_SAVED = {
    "Container", "CrossMapLRN2d", "DataParallel", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "RNNBase",
    "RNNCellBase",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # TorchScript is deprecated as a whole, and samples warn of all sorts.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def agree(batches: Iterable[Batch], passes: bool = False) -> tuple[int, Counter[str]]:
    """Assert that everything is equal; gives the number of programs, and of equal outcomes by aspect."""
    programs = 0
    equal: Counter[str] = Counter()
    wrong: list[str] = []
    for batch in batches:
        if not batch.archive:
            continue
        programs += batch.programs
        verdict: Verdict = judge(batch, passes)
        for outcome in verdict.outcomes:
            equal[outcome.aspect] += outcome.status == "equal"
            if outcome.status != "equal":
                wrong.append(f"{batch.name} {outcome.aspect} {outcome.subject}: {outcome.detail}")
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])
    return programs, equal


def test_language() -> None:
    programs, equal = agree(language.batches(), passes=True)
    assert programs >= 260
    assert min(equal[aspect] for aspect in ("graph", "inlined", "code", "cse", "peephole", "dce")) >= 400
    assert equal["run"] >= 320


def test_modules_of_torch_nn() -> None:
    saved: set[type] = set()

    def noted() -> Iterator[Batch]:
        for batch in modules.batches(every=False):
            saved.update(batch.classes)
            yield batch

    programs, equal = agree(noted())
    assert programs >= 300
    assert equal["run"] >= 300
    missing = {each.__name__ for each in modules.classes() - saved}
    # Lazy modules become others when they are first called, before they can be saved.
    assert {name for name in missing if not name.startswith("Lazy")} <= NOT_SAVED


@pytest.mark.parametrize("part", range(OPERATOR_PARTS))
def test_operator_samples(part: int) -> None:
    infos = operators.infos()[part::OPERATOR_PARTS]
    programs, equal = agree(operators.batches(every=False, chosen=infos))
    assert programs >= 250
    assert equal["run"] >= 240
    assert min(equal["inlined"], equal["code"]) >= programs
