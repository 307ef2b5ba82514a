"""Random Python programs: what torch makes of them we make, and what is wrong gets a diagnostic."""

import random

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.differential.scripting.case import Case
from tests.differential.scripting.judging import judge
from tests.differential.scripting.written import written
from tests.fuzz.python_programs import Writer


def is_python(text: str) -> bool:
    """Whether Python reads the text."""
    try:
        compile(text, "<text>", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 32))
def test_well_typed_program_is_what_torch_makes_of_it(seed):
    writer = Writer(random.Random(seed))
    text = writer.program()
    assume(is_python(text))
    wrong = [
        o for o in judge(Case("random", written(text), (tuple(writer.arguments),))) if o.status != "equal"
    ]
    assert wrong == [], text


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 32), st.sampled_from((0.05, 0.2, 0.6)))
@example(537, 0.6)
def test_spoiled_program_is_refused_where_torch_refuses_it(seed, spoil):
    writer = Writer(random.Random(seed), spoil)
    text = writer.program()
    assume(is_python(text))
    # Runs are left out: what is wrong may also be wrong only when it runs.
    wrong = [o for o in judge(Case("random", written(text))) if o.status != "equal"]
    assert wrong == [], text
