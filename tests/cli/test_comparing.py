"""`jitviewer compare` as a process."""

import json

import pytest

from tests.cli.processes import jitviewer

PROGRAM = """import torch
from torch import nn
class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 4)
    def forward(self, x):
        y = self.dense(x)
        if y.sum() > 0:
            return y * 2
        return y - 1
class Plain:
    def __call__(self, x):
        return x.relu()
NUMBER = 3
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "gate<b>.py"
    path.write_text(PROGRAM)
    return path


def test_json_has_what_is_promised_and_the_report_stands_alone(program, tmp_path):
    report = tmp_path / "report.html"
    ended = jitviewer(
        "compare", f"{program}:Gate", "--input", "float32[2,4]", "--json", "--report", str(report)
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert (found["diverged"], found["cause"], found["file"], found["line"]) == (
        True,
        "branch",
        str(program),
        9,
    )
    assert found["inputs"]
    assert found["tried"] > 0
    assert found["sides"] == {"eager-trace": False, "eager-script": True, "trace-script": False}
    assert {"file", "line", "kind", "value"} <= found["decisions"][0].keys()
    assert found["remedy"]["patch"].startswith("--- a/")
    page = report.read_text()
    assert "gate&lt;b&gt;.py" in page
    assert "gate<b>.py" not in page
    assert "src=" not in page
    assert "http" not in page


def test_text_names_the_line(program):
    ended = jitviewer("compare", f"{program}:Gate", "--input", "float32[2,4]")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"Gate: branch, {program}:9\n    y.sum() > 0\n")
    assert "Remedy: " in ended.stdout


def test_an_instance_of_a_plain_class_may_be_compared(program):
    ended = jitviewer("compare", f"{program}:Plain", "--input", "float32[2,4]", "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["diverged"], found["cause"], found["file"], found["line"]) == (False, None, None, None)


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("Gate", [], "give an --input for each"),
        ("Gate", ["--input", "float32[2"], "cannot be read"),
        ("Gate", ["--input", "float32[2,4]", "--input", "3"], "does not take 2 inputs"),
        ("Gate", ["--input", "float32[3]"], "raises on its inputs"),
        ("Gate", ["--input", "float32[2,4]", "--against", "3", "--against", "nothing"], "cannot be read"),
        ("Nope", ["--input", "3"], "there is no 'Nope'"),
        ("NUMBER", ["--input", "3"], "is a int"),
    ],
)
def test_what_does_not_fit_is_one_sentence(program, name, inputs, said):
    ended = jitviewer("compare", f"{program}:{name}", *inputs)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
