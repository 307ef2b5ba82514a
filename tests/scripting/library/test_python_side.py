"""What Python says of compiled functions and methods: names, signatures, docstrings."""

import inspect
from typing import List, Optional

import pytest
import torch
from torch import Tensor, nn

import jitcore


def scaled(x: Tensor, n: int = 2, names: Optional[List[str]] = None) -> Tensor:
    """A tensor times a number."""
    return x * n


class Net(nn.Module):
    """A network."""

    def forward(self, x: Tensor, n: int = 2) -> Tensor:
        """What it computes."""
        return self.helper(x) * n

    def helper(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def other(self, x: Tensor) -> Tensor:
        """Something else."""
        return x


@pytest.mark.parametrize("method", ["forward", "other"])
@pytest.mark.parametrize("aspect", ["__doc__", "__name__", "__qualname__", "signature"])
def test_methods_are_described_as_torchs_are(method, aspect):
    theirs, ours = (getattr(jit.script(Net()), method) for jit in (torch.jit, jitcore))
    if aspect == "signature":
        assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    else:
        assert getattr(ours, aspect) == getattr(theirs, aspect)


def test_methods_that_are_only_called_are_described_too():
    assert str(inspect.signature(jitcore.script(Net()).helper)) == "(x: torch.Tensor) -> torch.Tensor"


def test_a_function_keeps_its_docstring_and_has_its_signature():
    compiled = jitcore.script(scaled)
    assert compiled.__doc__ == torch.jit.script(scaled).__doc__ == scaled.__doc__
    assert inspect.signature(compiled) == inspect.signature(scaled)


def test_a_loaded_module_has_no_original(tmp_path):
    jitcore.script(Net()).save(tmp_path / "net.pt")
    loaded = jitcore.load(tmp_path / "net.pt")
    assert loaded.forward.__doc__ is None
    assert not hasattr(loaded.forward, "__name__")
    assert torch.equal(loaded(torch.ones(2)), torch.full([2], 2.0))


def test_attributes_and_methods_are_listed():
    assert {"forward", "other", "training"} <= set(dir(jitcore.script(Net())))
