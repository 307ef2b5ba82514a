"""Programs over the whole language, against torch: texts, values and refusals."""

import itertools

import pytest

from tests.differential.scripting import language, operators
from tests.differential.scripting.judging import judge


@pytest.mark.parametrize("case", list(language.steady_cases()), ids=lambda case: case.name)
def test_program_is_what_torch_makes_of_it(case):
    assert [outcome for outcome in judge(case) if outcome.status != "equal"] == []


@pytest.mark.parametrize("case", list(language.refused_cases()), ids=lambda case: case.name)
def test_program_is_refused_where_torch_refuses_it(case):
    assert [outcome for outcome in judge(case) if outcome.status != "equal"] == []


@pytest.mark.filterwarnings("ignore")
def test_some_operator_samples_are_compiled_as_torch_compiles_them():
    chosen = operators.infos()[::25]
    cases = list(itertools.islice(operators.cases(False, chosen), 60))
    assert len(cases) > 40
    wrong = [outcome for case in cases for outcome in judge(case) if outcome.status != "equal"]
    assert wrong == []


@pytest.mark.filterwarnings("ignore")
def test_some_wrong_calls_are_refused_in_the_words_of_torch():
    cases = list(itertools.islice(operators.wrong_cases(), 0, None, 15))
    assert len(cases) > 40
    assert [outcome for case in cases for outcome in judge(case) if outcome.status != "equal"] == []
