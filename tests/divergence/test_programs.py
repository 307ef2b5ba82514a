"""The programs are what they say: divergent ones diverge, clean ones do not, and guilty lines are marked."""

from collections import Counter

import pytest
import torch
from torch.jit.frontend import FrontendError

from tests.divergence.program import CAUSES, Program, programs, told_apart, varied
from tests.divergence.sides import Call, apart, calls_apart, quiet, scripted, traced

DIVERGENT = [program for program in programs() if not program.is_clean]
CLEAN = [program for program in programs() if program.is_clean]


def name_of(program: Program) -> str:
    return program.name


@pytest.fixture(autouse=True)
def on_few_threads():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("program", DIVERGENT, ids=name_of)
def test_a_divergent_program_diverges(program):
    against, calls = calls_apart(program)
    assert apart(program, {"trace": traced, "script": scripted}[against], calls)


@pytest.mark.parametrize("program", CLEAN, ids=name_of)
def test_a_clean_program_does_not(program):
    makers = [traced]
    with quiet():
        try:
            scripted(program)
        except (RuntimeError, FrontendError):
            pass  # a program that no script compiles is compared with its trace only
        else:
            makers.append(scripted)
    more = varied()[program.name]
    for inputs in (program.inputs, *more["inputs"]):
        for make in makers:
            assert apart(program, make, [Call(inputs)] * more.get("times", 2)) == ""


def test_there_are_programs_of_each_cause_and_what_sets_each_apart():
    counted = Counter(program.cause for program in DIVERGENT)
    assert counted.keys() == CAUSES
    assert all(counted[cause] >= 8 for cause in CAUSES - {"numeric"})
    assert len(DIVERGENT) >= 100
    assert len(CLEAN) >= 60
    assert told_apart().keys() == {program.name for program in DIVERGENT}
    assert varied().keys() == {program.name for program in CLEAN}


def test_an_answer_is_right_for_a_marked_line_and_its_causes_only():
    (program,) = (program for program in DIVERGENT if program.name == "loop-count/newton_until_converged")
    (marker,) = program.markers
    assert program.judged("loop-count", marker.line)
    assert program.judged("branch", marker.line)
    assert not program.judged("shape", marker.line)
    assert not program.judged("loop-count", marker.line + 1)
    assert not program.judged(None, None)
