"""Schemas and graphs of compiled functions, printed and looked at as torch's."""

from typing import Dict, List, NamedTuple, Optional, Tuple

import pytest
import torch
from torch import Tensor, tensor

import jitcore


class Pair(NamedTuple):
    a: int
    b: Tensor


def tensors(x, a: Tensor = tensor(2.5), b: Tensor = torch.ones(2, 3), c: Optional[Tensor] = tensor(True)):
    return x


def nested(
    x, a: Tuple[Tensor, int] = (tensor(1), 2), b: Pair = Pair(1, tensor([2, 3])), c: Tensor = torch.zeros(0)
):
    return x


def plain(x, a: torch.device = torch.device("cpu"), b: str = "a'b", c: complex = 1j, d: Optional[int] = None):
    return x


def containers(x: Pair, y: Dict[str, List[Tuple[int, Optional[float]]]], *, n: int):
    return y


def loops(x, n: int):
    for i in range(n):
        if i > 2:
            x = x + 1
    return x


@pytest.mark.parametrize("function", [tensors, nested, plain, containers])
def test_schemas(function):
    theirs, ours = torch.jit.script(function).schema, jitcore.script(function).schema
    assert str(ours) == str(theirs)
    for mine, other in zip(
        [*ours.arguments, *ours.returns], [*theirs.arguments, *theirs.returns], strict=True
    ):
        assert (mine.name, str(mine.type), repr(mine.type)) == (other.name, str(other.type), repr(other.type))
        assert (mine.type.annotation_str, mine.type.kind()) == (other.type.annotation_str, other.type.kind())
        assert mine.has_default_value() == other.has_default_value()
        assert (mine.kwarg_only, mine.N) == (other.kwarg_only, other.N)
        assert repr(mine.default_value) == repr(other.default_value)


@pytest.mark.parametrize("locations", [True, False])
@pytest.mark.parametrize("function", [tensors, loops])
def test_graphs_with_and_without_locations(function, locations):
    theirs, ours = torch.jit.script(function).graph, jitcore.script(function).graph
    assert ours.str(locations) == theirs.str(locations)
