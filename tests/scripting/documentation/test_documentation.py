"""Every example of the documentation comes out as with torch.jit."""

import warnings

import pytest
import torch

import jitcore
from tests.scripting.documentation import expressions, interface, mixing, type_system
from tests.scripting.documentation.examples import EXAMPLES
from tests.scripting.library.side_by_side import same

FILES = (expressions, interface, mixing, type_system)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.__name__)
def test_example(case, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(case, torch.jit, jitcore)


def test_there_are_examples_of_every_file():
    assert {case.__module__ for case in EXAMPLES} == {module.__name__ for module in FILES}
