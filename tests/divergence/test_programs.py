"""The programs are what they say: divergent ones diverge, clean ones do not, and guilty lines are marked."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.divergence.checking import wrong_claim
from tests.divergence.program import CAUSES, Program, programs, told_apart, varied

DIVERGENT = [program for program in programs() if not program.is_clean]
CLEAN = [program for program in programs() if program.is_clean]
SAMPLE = programs()[::3]
"""Some of each folder; `python -m tests.divergence --check` holds all of them against torch."""


def name_of(program: Program) -> str:
    return program.name


@pytest.mark.parametrize("program", SAMPLE, ids=name_of)
def test_a_program_does_what_it_says(program):
    assert wrong_claim(program) == ""


def test_a_wrong_claim_is_told():
    named = {program.name: program for program in programs()}
    clean, guilty = named["clean/arange_of_size"], named["branch/gate_on_mean"]
    assert wrong_claim(replace(clean, markers=guilty.markers, name=guilty.name, path=clean.path))
    assert wrong_claim(replace(guilty, markers=(), name="clean/teacher_without_gradient"))


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
