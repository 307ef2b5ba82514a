"""Every function of torch.nn.functional that torch scripts, against torch."""

import pytest

from tests.differential.scripting import functional
from tests.differential.scripting.judging import judge


@pytest.mark.parametrize("case", list(functional.cases()), ids=lambda case: case.name)
def test_is_compiled_as_torch_compiles_it(case):
    assert [outcome for outcome in judge(case) if outcome.status != "equal"] == []
