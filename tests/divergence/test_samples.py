"""The Python samples that the empty window offers diverge, each by the line that says so."""

import json

import pytest

from jitviewer.resources import resource
from tests.divergence.program import Program
from tests.divergence.sides import Call, apart, traced

FOLDER = resource("samples")
LISTED = json.loads((FOLDER / "diverging.json").read_text(encoding="utf-8"))
CALLS = {
    "loudness.py": [["float32[8]:0..0.1"]],
    "memory.py": [["float32[1,6,3]"]],
    "contrast.py": [["float32[1,4,4]:0..0.2"]],
    "warm_up.py": [["float32[2,3]"], ["float32[2,3]"]],
}


@pytest.mark.parametrize("sample", LISTED, ids=lambda sample: sample["file"])
def test_a_sample_gives_what_its_trace_does_not(sample):
    file, _, subject = sample["source"].partition(":")
    program = Program(sample["title"], FOLDER / file, subject, tuple(sample["inputs"]), ())
    assert file == sample["file"]
    assert apart(program, traced, [Call(program.inputs)]) == ""
    assert apart(program, traced, [Call(inputs) for inputs in CALLS[file]])


@pytest.mark.parametrize("sample", LISTED, ids=lambda sample: sample["file"])
def test_a_sample_says_with_what_it_is_traced(sample):
    words = (FOLDER / sample["file"]).read_text(encoding="utf-8").partition('"""\n\n')[0]
    assert all(inputs in words for inputs in sample["inputs"])
    for (inputs,) in CALLS[sample["file"]]:
        assert inputs in words
