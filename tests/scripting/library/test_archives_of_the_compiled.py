"""Archives of what we compiled: torch loads them, prints and computes what it does with its own."""

import math
import random
import re
import subprocess
import sys

import pytest
import torch
from torch import Tensor, nn

import jitcore

EVERY = 5
"""One in so many of the programs, other ones each time; `python -m tests.differential.archives` takes all."""


def test_archives_of_programs_are_those_of_torch():
    first = random.randrange(EVERY)
    command = [
        sys.executable,
        "-m",
        "tests.differential.archives",
        "--every",
        str(EVERY),
        "--from",
        str(first),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, f"{' '.join(command[1:])}\n{done.stdout}{done.stderr[-2000:]}"
    counted = re.search(r"^(\d+) equal, 0 different", done.stdout, re.MULTILINE)
    assert counted is not None, done.stdout
    assert int(counted[1]) > 100


def whole():
    return [9223372036854775807, -9223372036854775807, 0, -1]


def fractions():
    return [1.7976931348623157e308, -5e-324, 2.2250738585072014e-308, -0.0, 0.1, 1e22, 123456789.5, 1e-5]


def without_fraction():
    return 1.0, 3e5, 1e15, 1e16, 123456789012.0, -2.0


def special():
    return [math.inf, -math.inf, math.nan]


def complexes():
    return [1.5 + 2j, -0.5 - 1e-3j, 0j]


def texts():
    return ["\n\t\"quoted\" 'single' \\\\", "caf\u00e9 \u65e5\u672c \U0001f600", "", "\x00\x7f\x1b"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", [whole, fractions, without_fraction, special, complexes, texts])
def test_constants_arrive_as_they_were_written(function, tmp_path):
    ours = jitcore.script(function)
    ours.save(tmp_path / "m.pt")
    for loaded in (torch.jit.load(str(tmp_path / "m.pt")), jitcore.load(tmp_path / "m.pt")):
        assert repr(loaded()) == repr(function())


class Constants(nn.Module):
    __constants__ = ("kind", "where", "pair")

    def __init__(self):
        super().__init__()
        self.kind = torch.float64
        self.where = torch.device("cpu")
        self.pair = (torch.device("meta"), 2)

    def forward(self, x: Tensor):
        return x.to(self.kind)


@pytest.mark.filterwarnings("ignore")
def test_constants_of_classes_keep_their_types(tmp_path):
    theirs, ours = torch.jit.script(Constants()), jitcore.script(Constants())
    ours.save(tmp_path / "m.pt")
    again = jitcore.load(tmp_path / "m.pt")
    again.save(tmp_path / "again.pt")
    for module in (ours, again, torch.jit.load(str(tmp_path / "again.pt"))):
        for name in ("kind", "where", "pair"):
            assert getattr(module, name) == getattr(theirs, name)
            assert type(getattr(module, name)) is type(getattr(theirs, name))
