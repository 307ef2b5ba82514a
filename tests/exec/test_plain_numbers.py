"""Numbers of Python in traces do not decide types: torch's executor runs them as numbers, and so do we."""

import io

import pytest
import torch

import jitcore


def scaled(x):
    return 0.3 * x.mean()


def moved(x):
    return x.sum() / 3 - 2.5


def whole(x):
    return x.long() * 0.5


def added(x):
    return x.half().sum() + 2.5


def doubles(x):
    return x.sum() + torch.tensor(0.3, dtype=torch.double)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize("function", [scaled, moved, whole, added, doubles], ids=lambda each: each.__name__)
def test_types_and_values_are_those_of_torch(function):
    x = torch.tensor([0.5, 1.25, 7.0])
    expected = torch.jit.trace(function, x)(x)
    made = jitcore.trace(function, x, check_trace=False)
    written = io.BytesIO()
    jitcore.save(made, written)
    written.seek(0)
    for found in (made(x), jitcore.load(written)(x)):
        assert found.dtype == expected.dtype
        assert torch.equal(found, expected)
