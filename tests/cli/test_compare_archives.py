"""`jitviewer compare` of two archives, and of a saved trace and the Python that it came from."""

import json
import warnings

import pytest
import torch

from tests.cli.processes import jitviewer

PROGRAM = """
import torch


def gate(x: torch.Tensor) -> torch.Tensor:
    if bool(x.sum() > 0):
        y = torch.relu(x)
    else:
        y = torch.tanh(x)
    return torch.exp(y)


def undeclared(x):
    return (lambda y: y + 1)(x)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    program = folder / "compared_here.py"
    program.write_text(PROGRAM)
    scope = {"__name__": "compared_here"}
    exec(compile(PROGRAM, str(program), "exec"), scope)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(scope["gate"], (torch.ones(3),)).save(str(folder / "trace.pt"))
        torch.jit.trace(scope["undeclared"], (torch.ones(3),)).save(str(folder / "undeclared.pt"))
    torch.manual_seed(0)
    layer = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.ReLU())
    torch.jit.script(layer).save(str(folder / "layer.pt"))
    with torch.no_grad():
        layer[0].bias += 1
    torch.jit.script(layer).save(str(folder / "other.pt"))
    return folder


def compared(*words):
    done = jitviewer("compare", *map(str, words), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_archive_and_itself_agree(files):
    found = compared(files / "layer.pt", files / "layer.pt", "--input", "float32[2,3]")
    assert not found["diverged"]
    assert (found["cause"], found["file"], found["line"], found["departures"]) == (None, None, None, [])
    assert {pair["status"] for pair in found["pairs"]} == {"identical", ""}


def test_another_weight_is_named_and_measured(files):
    words = jitviewer("compare", files / "layer.pt", files / "other.pt", "--input", "float32[2,3]")
    assert words.returncode == 0
    assert "give different results" in words.stdout
    assert "The attribute 0.bias is not the same" in words.stdout
    assert "apart by 1 at most" in words.stdout
    found = compared(files / "layer.pt", files / "other.pt", "--input", "float32[2,3]")
    assert found["first_pair"]["starts"]
    assert found["first_pair"]["difference"]["figures"]["max"] == pytest.approx(1)


def test_a_trace_is_compared_with_the_python_that_it_came_from(files):
    python = f"{files / 'compared_here.py'}:gate"
    same = compared(files / "trace.pt", python, "--input", "float32[3]:1..2")
    assert not same["diverged"]
    other = compared(files / "trace.pt", python, "--input", "float32[3]:-2..-1")
    assert (other["diverged"], other["cause"], other["line"]) == (True, "branch", 6)
    assert other["file"] == str(files / "compared_here.py")
    assert other["sides"]["left"] == "compared_here.py:gate"


def test_python_that_does_not_compile_is_compared_as_it_is_traced(files):
    done = jitviewer(
        "compare",
        files / "undeclared.pt",
        f"{files / 'compared_here.py'}:undeclared",
        "--input",
        "float32[3]",
    )
    assert done.returncode == 0, done.stderr
    assert "give the same results" in done.stdout
    assert "is compared as it is traced now" in done.stderr


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["--input", "float32[2,9]"], "aten::linear"),
        (["--input", "float32[2"], "float32[2"),
        (["--input", "float32[2,3]", "--input", "1"], "argument"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_in_a_sentence(files, inputs, said):
    done = jitviewer("compare", files / "layer.pt", files / "layer.pt", *inputs)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback (most recent call last)" not in done.stderr


@pytest.mark.parametrize("option", ["--against", "--report"])
def test_what_only_a_python_file_has_is_refused(files, option):
    done = jitviewer("compare", files / "layer.pt", files / "other.pt", option, str(files / "out.npy"))
    assert done.returncode == 1
    assert f"{option} is for a Python file alone" in done.stderr


def test_two_python_files_are_refused(files):
    python = f"{files / 'compared_here.py'}:gate"
    done = jitviewer("compare", python, python, "--input", "float32[3]")
    assert done.returncode == 1
    assert "both are Python files" in done.stderr
