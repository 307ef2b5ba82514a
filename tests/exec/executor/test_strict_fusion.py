"""`torch.jit.strict_fusion` where the CPU fuses: one group is fine, all else is refused in torch's words."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch

import jitcore
from tests.differential.executor.fusing import fusing_on_cpu


def one_group(x, y):
    with torch.jit.strict_fusion():
        return (x + y).relu() * x


def two_groups(x, y):
    with torch.jit.strict_fusion():
        z = (x + y).relu() * x
        return (z.cumsum(0) + 1).tanh() * 2


def group_and_another(x, y):
    with torch.jit.strict_fusion():
        z = (x + y).relu() * x
        return z.cumsum(0)


def said(function: Callable[..., torch.Tensor]) -> str:
    """What a function raises within three runs; "" if it does not."""
    try:
        for _ in range(3):
            function(torch.ones(3, 4), torch.ones(3, 4))
    except RuntimeError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("program", "words"),
    [(one_group, ""), (two_groups, "Found multiple fusions"), (group_and_another, "Found unfused operators")],
)
def test_what_is_not_one_group_is_refused_as_by_torch(program: Callable[..., torch.Tensor], words: str):
    with warnings.catch_warnings(), torch.no_grad(), fusing_on_cpu():
        warnings.simplefilter("ignore")
        found = [said(side.script(program)) for side in (jitcore, torch.jit)]
    assert found[0] == found[1]
    assert words in found[0]
