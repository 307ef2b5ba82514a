"""Errors of the compiler keep their lines, as torch gives them, and hide nothing."""

import importlib.util
from pathlib import Path

import pytest
import torch

from tests.cli.processes import jitviewer

PROGRAM = """import torch
def inner(x: int):
\tz = x
\treturn unknown_name(z)
def outer(x: int):
    if x > 1:
        return inner(x)
    return 1
class M(torch.nn.Module):
    def forward(self, x):
        for i in range(3):
            z = x
        return z.foo(1,
            2)
def many(x: str):
    return torch.add(x, x, alpha="\\x1b")
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("lines") / "several_lines.py"
    path.write_text(PROGRAM)
    return path


def refusal_of_torch(path: Path, name: str) -> str:
    spec = importlib.util.spec_from_file_location("several_lines", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = getattr(module, name)
    with pytest.raises(RuntimeError) as raised:
        torch.jit.script(found() if isinstance(found, type) else found)
    return str(raised.value).strip()


@pytest.mark.parametrize("name", ["inner", "outer", "M"])
@pytest.mark.parametrize("command", ["code", "script"])
def test_a_refusal_has_the_lines_of_torch(program, command, name):
    done = jitviewer(command, f"{program}:{name}")
    assert (done.returncode, done.stdout) == (1, "")
    theirs = refusal_of_torch(program, name)
    said, lines = theirs.split(":\n", 1)
    assert lines.count("\n") > 2
    # What there is to do comes between.
    assert done.stderr.rstrip().endswith(f":\n{lines}")
    assert done.stderr.startswith(f"jitviewer: {program}:")
    assert said in done.stderr.splitlines()[0]


def test_the_overloads_of_an_operator_stand_in_lines(program):
    ours = jitviewer("code", f"{program}:many").stderr.splitlines()
    theirs = refusal_of_torch(program, "many").splitlines()
    variants = [line for line in theirs if line.startswith("  aten::add")]
    assert len(variants) > 10
    assert [line for line in ours if line.startswith("  aten::add")] == variants
