"""Executing a person's file: what it has to compile, in order, and what is said when it cannot be run."""

import pytest
import torch

from jitviewer.runner.script_files import ScriptFile, ScriptFileError

PROGRAM = """
import enum
from typing import NamedTuple
import torch
from torch import nn

class Colour(enum.Enum):
    RED = 1

class Point(NamedTuple):
    x: int

@torch.jit.interface
class Layer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass

class Net(nn.Module):
    def __init__(self, width: int, depth: int = 2):
        super().__init__()
        self.layer = nn.Linear(width, depth)
    def forward(self, x):
        return self.layer(x)

def scale(x, factor: float = 2.0):
    return x * factor

def _hidden(x):
    return x

class Counter:
    def __init__(self):
        self.count = 0

class Small(nn.Module):
    def forward(self, x):
        return x

made = Net(3)
alias = scale
compiled = torch.nn.ReLU()
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "my-net.py"
    path.write_text(PROGRAM)
    return ScriptFile(str(path), None)


def test_objects_are_listed_in_the_order_of_the_file(script):
    rows = [(row.name, row.kind, row.needs_arguments) for row in script.scriptables]
    assert rows == [
        ("Net", "module class", True),
        ("scale", "function", False),
        ("Counter", "class", False),
        ("Small", "module class", False),
        ("made", "module", False),
        ("compiled", "module", False),
    ]
    lines = PROGRAM.splitlines()
    for row in script.scriptables:
        assert row.name in lines[row.line - 1]
    parameters = {row.name: row.parameters for row in script.scriptables}
    assert parameters["Net"] == "width: int, depth: int = 2"
    # It takes what every module takes, which is nothing.
    assert parameters["Small"] == ""
    # The file is a module of its own name, spelt as an identifier.
    assert script.module.__name__ == "_chars_my_2d_net"


def test_a_module_class_is_instantiated_with_what_was_written(script):
    made = script.object("Net", "4, depth=5")
    assert made.layer.weight.shape == (5, 4)
    assert isinstance(script.object("Small", ""), torch.nn.Module)
    assert script.object("made.layer", "").weight.shape == (2, 3)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("Net", "", "Net() raises TypeError: "),
        ("Net", "1,,", "raises SyntaxError: "),
        ("nothing", "", "there is no 'nothing' in this file; it has Net, scale"),
        ("scale", "3", "'scale' is no module class"),
    ],
)
def test_what_cannot_be_made_is_said_with_its_line(script, name, arguments, said):
    with pytest.raises(ScriptFileError) as error:
        script.object(name, arguments)
    assert said in error.value.row.message
    assert error.value.row.subject == name
    if name == "Net":
        assert error.value.row.line == next(r.line for r in script.scriptables if r.name == "Net")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\ny = = 2\n", 2, "this is not Python: invalid syntax"),
        ("x = 1\n\nraise ValueError('no data')\n", 3, "running the file raises ValueError: no data"),
        ("import sys\nsys.exit(3)\n", 2, "running the file raises SystemExit: 3"),
        ("import there_is_no_such_module\n", 1, "ModuleNotFoundError: No module named"),
        ("x = 'a\0b'\n", 0, "this is not Python: "),
    ],
)
def test_a_file_that_cannot_be_run_says_where(tmp_path, text, line, said):
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(ScriptFileError) as error:
        ScriptFile(str(path), None)
    row = error.value.row
    assert said in row.message
    assert row.line == line
    assert row.file == str(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "bytes.py"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScriptFileError, match="not UTF-8"):
        ScriptFile(str(path), None)


def test_a_program_imports_what_lies_beside_it(tmp_path):
    (tmp_path / "beside_helper.py").write_text("def double(x):\n    return x + x\n")
    path = tmp_path / "uses.py"
    path.write_text("from beside_helper import double\ndef four(x):\n    return double(double(x))\n")
    assert [row.name for row in ScriptFile(str(path), None).scriptables] == ["four"]
