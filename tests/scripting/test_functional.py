"""Every function of torch.nn.functional that torch scripts, against torch."""

import inspect

import pytest
import torch.nn.functional as F

from tests.scripting.comparing import compared

FUNCTIONS = [name for name in dir(F) if inspect.isfunction(getattr(F, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_is_compiled_as_torch_compiles_it(name):
    compared(getattr(F, name))
