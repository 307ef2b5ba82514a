"""What tests share that compare the words of refusals."""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def _no_calls_left() -> None:
    """torch forgets which classes and functions it is compiling when the frames of its Python go.

    An exception that another file of tests met, and that waits to be collected, holds them
    (`_recursive_compile_class` in torch/jit/_script.py): a refusal would tell of a call that is long over.
    """
    gc.collect()
