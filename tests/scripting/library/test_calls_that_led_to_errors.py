"""An error in what a program leads to tells the calls that led there, as torch.jit's does."""

from typing import List, Optional

import pytest
import torch
from torch import nn

import jitcore

HINT = "\nassign it before, import it, or pass it as an argument:"


def bad(n: int):
    return undefined_name  # noqa: F821


def good(n: int):
    return n


class Bad:
    def __init__(self):
        self.v = undefined_name  # noqa: F821


class BadMethod:
    def __init__(self, n: int):
        self.n = n

    def first(self):
        return self.second()

    def second(self):
        return undefined_name  # noqa: F821


class HoldsBad:
    def __init__(self):
        self.x = Bad()


def makes():
    return Bad()


def makes_deeper(n: int):
    y = HoldsBad()
    return n, y


def names():
    y = Bad
    return y()


def annotates(x: Bad):
    return 1


def annotates_deeper(x: Optional[Bad]):
    return 1


def annotates_variable():
    a: List[Bad] = []
    return a


def makes_with_bad_method():
    return BadMethod(1).n


def calls_in_statement(n: int):
    x = bad(n)
    return x


def calls_in_argument(n: int):
    x = good(bad(n))
    return x


def calls_in_test(n: int):
    if bad(n):
        n = 1
    return n


def calls_in_loop(n: int):
    while 1 + bad(n) > 1:
        n = 1
    return n


def calls_makes(n: int):
    return good(n), makes()


class Module(nn.Module):
    def helper(self, n: int):
        return undefined_name  # noqa: F821

    def good(self, n: int):
        return n


class CallsMethod(Module):
    def forward(self, n: int):
        x = self.helper(self.good(n))
        return x


class Makes(Module):
    def forward(self, n: int):
        return BadMethod(n).n


class HoldsFunction(nn.Module):
    def __init__(self):
        super().__init__()
        self.function = makes

    def forward(self, x):
        return self.function()


@pytest.mark.parametrize(
    "thing",
    [
        makes, makes_deeper, names, annotates, annotates_deeper, annotates_variable, makes_with_bad_method,
        calls_in_statement, calls_in_argument, calls_in_test, calls_in_loop, calls_makes, CallsMethod, Makes,
        HoldsFunction,
    ],
)  # fmt: skip
def test_the_calls_are_told(thing):
    refusals = []
    for library in (torch.jit, jitcore):
        with pytest.raises(RuntimeError) as refused:
            library.script(thing() if isinstance(thing, type) else thing)
        refusals.append(str(refused.value).replace(HINT, ":"))
    assert "is being compiled since" in refusals[1]
    # What torch refused before may still be in its list of calls.
    assert refusals[0].startswith(refusals[1].rstrip())
