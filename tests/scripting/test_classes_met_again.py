"""A class that is met again while it is being compiled is what torch makes of it, where torch makes an end of it."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
import torch

import jitcore

HEAD = """import torch
class Box:
    def __init__(self, size: int, name: str = 'box'):
        self.size = size
        self.name = name
"""
TAIL = """
def helper(n: int) -> int:
    return {made}
def f(x: int):
    return Box(x).{method}(x)
Other = Box
"""


NUMBERS = itertools.count()


@contextmanager
def loaded(methods: str, made: str, method: str, folder: Path) -> Iterator[ModuleType]:
    # Classes of one name would be told apart by torch and by us, each from its own.
    path = folder / f"met_again_{next(NUMBERS)}.py"
    path.write_text(HEAD + methods + TAIL.format(made=made, method=method))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[path.stem]


def refusal(compile_function, function) -> list[str]:
    # Nothing may hold the error: torch goes on to name what it was compiling until its frames are gone.
    try:
        compile_function(function)
    except RuntimeError as error:
        text = re.sub(r" \(of Python compilation unit at: 0x[0-9a-f]+\)", "", str(error))
    else:
        raise AssertionError("it was not refused")
    # How many names were taken before is no matter of what is said.
    text = re.sub(r"___torch_mangle_\d+", "___torch_mangle", text)
    # Before the colon stands what there is to do.
    lines = [line.rstrip(":") for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("convert the value")]


GROWN = "    def grown(self, by: int) -> 'Box':\n        return Box(self.size + by, self.name)\n"
CALLS = "    def zed(self, n: int) -> int:\n        return helper(n)\n"
ADDS = "    def __add__(self, other: 'Box') -> 'Box':\n        return Box(self.size, 'sum')\n"


@pytest.mark.parametrize(
    ("methods", "made"),
    [
        (GROWN + CALLS, "Box(n, 'a').size"), (GROWN + CALLS, "Box(n).size"), (ADDS + CALLS, "Box(n).nothing"),
        (GROWN + CALLS, "Other(n, 'a').grown(2).size"),
        # By its own name the class of the first turn is meant, whose defaults are not known yet.
        ("    def made(self, n: int) -> int:\n        return Box(n).size\n" + CALLS, "n"),
    ],
)  # fmt: skip
def test_what_torch_says_of_it_is_said(tmp_path, methods, made):
    with loaded(methods, made, "zed", tmp_path) as module:
        theirs = refusal(torch.jit.script, module.f)
        assert refusal(jitcore.script, module.f) == theirs


@pytest.mark.parametrize(
    ("methods", "made", "method"),
    [
        (CALLS, "Box(n, 'a').size", "zed"),
        ("    def alias(self, n: int) -> int:\n        return Other(n, 'b').size\n", "n", "alias"),
    ],
)
def test_what_torch_never_ends_is_compiled(tmp_path, methods, made, method):
    with loaded(methods, made, method, tmp_path) as module:
        with pytest.raises(RecursionError):
            torch.jit.script(module.f)
        assert jitcore.script(module.f)(5) == module.f(5) == 5


def test_a_class_by_its_own_name_is_itself(tmp_path):
    with loaded(GROWN + ADDS, "n", "grown", tmp_path) as module:
        theirs, ours = torch.jit.script(module.f), jitcore.script(module.f)
        assert str(ours.graph) == str(theirs.graph)
