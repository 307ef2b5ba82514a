"""Numbers that a trace holds as tensors choose no types, as in torch."""

import io
import warnings

import pytest
import torch

import jitcore


def scaled_mean(x):
    return x.mean() * 0.3


def halved(x):
    return x * 0.5


def moved(x):
    return (x + 1) - 2.5, x / 3


def clamped(x):
    return torch.maximum(x, x.sum() * 2) + 1.5


INPUTS = [
    torch.rand(3),
    torch.rand(3).half(),
    torch.tensor([1, 2, 3]),
    torch.tensor(4),
    torch.rand(3).double(),
]


@pytest.mark.parametrize("function", [scaled_mean, halved, moved, clamped])
@pytest.mark.parametrize("is_saved", [False, True], ids=["fresh", "saved"])
def test_types_are_those_of_torch(function, is_saved):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = torch.jit.trace(function, (INPUTS[0],))
        ours = jitcore.trace(function, (INPUTS[0],))
    if is_saved:
        file = io.BytesIO()
        torch.jit.save(theirs, file)
        theirs = torch.jit.load(io.BytesIO(file.getvalue()))
        ours = jitcore.load(io.BytesIO(file.getvalue()))
    for given in INPUTS:
        if not given.is_floating_point() and function is scaled_mean:
            continue
        expected, found = theirs(given), ours(given)
        torch.testing.assert_close(found, expected, rtol=0, atol=0)
