"""Traces of torch's own samples of operators and modules, some of each."""

import itertools

import pytest

from tests.differential.tracing import modules, operators
from tests.differential.tracing.judging import judge

MODULES = (
    "Linear",
    "Conv2d",
    "LSTM",
    "GRUCell",
    "MultiheadAttention",
    "BatchNorm2d",
    "TransformerEncoderLayer",
)


def wrong(cases):
    judged = [outcome for case in cases for outcome in judge(case)]
    assert judged
    return [
        f"{each.aspect} {each.subject}: {each.detail}"
        for each in judged
        if each.status not in ("equal", "skipped")
    ]


# Samples warn of all sorts.
@pytest.mark.filterwarnings("ignore")
def test_operators() -> None:
    # Uninitialized memory is shown where a tensor was made larger.
    known = ("op.resize_", "op.resize_as_")
    chosen = itertools.islice(operators.cases(1), 0, None, 20)
    assert not wrong(case for case in chosen if not case.name.startswith(known))


@pytest.mark.filterwarnings("ignore")
def test_modules() -> None:
    names = tuple(f"nn.nn.{name}_" for name in MODULES)
    assert not wrong(case for case in modules.cases(every=False) if case.name.startswith(names))
