"""Blocks that compiled code leaves to Python, under jitcore's own name too."""

import pytest
import torch
from torch import Tensor

import jitcore as jit

SEEN: list[int] = []


def note(x: int) -> None:
    SEEN.append(x)


def with_own_name(x: Tensor) -> Tensor:
    n = 2
    with jit._IgnoreContextManager(n="inp:int", x="inp:Tensor", y="out:Tensor"):
        note(n)
        y = x * n
    return y + 1


def test_the_block_runs_in_python_and_finds_the_names_of_its_file():
    SEEN.clear()
    compiled = jit.script(with_own_name)
    assert torch.equal(compiled(torch.ones(2)), torch.full([2], 3.0))
    assert SEEN == [2]
    assert "^func_ignore_" in compiled.code


def test_the_function_runs_as_it_stands():
    SEEN.clear()
    assert torch.equal(with_own_name(torch.ones(2)), torch.full([2], 3.0))
    assert SEEN == [2]


def test_it_cannot_be_saved(tmp_path):
    with pytest.raises(RuntimeError, match="Python"):
        jit.script(with_own_name).save(tmp_path / "f.pt")
