"""Traces of functions and modules beside torch's: texts, values, archives, warnings, refusals."""

import pytest

from tests.differential.tracing import programs
from tests.differential.tracing.case import Case
from tests.differential.tracing.judging import judge

TAKEN_OVER = ("scripted.torch_traced_function", "scripted.TorchModules", "scripted.TorchModuleOfOptional")
"""What torch compiled is read from what it saves, which has no shapes and other names: runs are compared."""


@pytest.mark.parametrize("case", list(programs.cases()), ids=lambda case: case.name)
def test_trace_is_that_of_torch(case: Case) -> None:
    wrong = [outcome for outcome in judge(case) if outcome.status not in ("equal", "skipped")]
    if case.name in TAKEN_OVER:
        wrong = [outcome for outcome in wrong if outcome.aspect not in ("graph", "inlined")]
    assert not wrong, "\n".join(f"{each.aspect}: {each.detail}\n{each.diff()}" for each in wrong)
