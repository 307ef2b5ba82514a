"""Names that TorchScript cannot use, and calls of what is not compiled."""

import math
import os
import random
from enum import Enum
from typing import Dict, List, Tuple

import numpy
import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
NUMBER = 3
TEXT = "abc"
ITEMS = [1, 2]
UNIQUE = {1}
TABLE = {"a": 1}
WEIGHT = torch.ones(3)
MODULE = nn.Linear(3, 3)


@programs.script()
def global_number(x):
    return x * NUMBER


@programs.script()
def global_text(x):
    return TEXT


@programs.script()
def global_list(x):
    return ITEMS[0]


@programs.script()
def global_dict(x):
    return TABLE["a"]


@programs.script()
def global_tensor(x):
    return x + WEIGHT


def make_captured():
    n = 5

    def captured_number(x):
        return x + n

    return captured_number


programs.script()(make_captured())


@programs.script()
def numpy_function(x):
    return numpy.zeros(3)


@programs.script()
def os_function():
    return os.getcwd()


@programs.script()
def os_environment():
    return os.environ["HOME"]


@programs.script()
def random_number():
    return random.random()


@programs.script()
def open_file():
    return open("a")


@programs.script()
def input_text():
    return input()


@programs.script()
def set_call(xs: List[int]):
    return set(xs)


@programs.script()
def map_call(xs: List[int]):
    return map(str, xs)


@programs.script()
def recursive(n: int) -> int:
    if n < 2:
        return 1
    return recursive(n - 1) * n


def even(n: int) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


@programs.script()
def getattr_of_variable(x: Tensor, s: str):
    return getattr(x, s)


@programs.script()
def print_to_file(x):
    print(x, file=None)
    return x


@programs.script()
def raise_nothing(n: int):
    if n > 1:
        raise
    return n


@programs.script()
def raise_text(n: int):
    if n > 1:
        raise "text"
    return n


@programs.script()
def enumerate_nothing():
    for i in enumerate():
        pass


@programs.script()
def zip_nothing():
    for i in zip():
        pass


@programs.script()
def range_of_float(f: float) -> int:
    for i in range(f):
        pass
    return 1


@programs.script()
def fork_nothing(x):
    return torch.jit.fork()


@programs.script()
def with_tensor(x):
    with x:
        pass
    return x


class NoInit:
    def f(self) -> int:
        return 1


class NoAttribute:
    def __init__(self, n: int):
        self.n = n

    def f(self) -> int:
        return self.m


@programs.script()
def missing_attribute(n: int) -> int:
    return NoAttribute(n).f()


class LateAttribute:
    def __init__(self, n: int):
        self.n = n

    def f(self) -> int:
        self.m = 3
        return self.m


@programs.script()
def late_attribute(n: int) -> int:
    return LateAttribute(n).f()


class BlockAttribute:
    def __init__(self, n: int):
        if n > 1:
            self.n = n
        else:
            self.n = 2


@programs.script()
def attribute_in_block(n: int) -> int:
    return BlockAttribute(n).n


class Base:
    def __init__(self):
        self.a = 1


class Derived(Base):
    def __init__(self):
        self.b = 1


class WrongAttribute:
    def __init__(self, n: int):
        self.n = n

    def f(self) -> int:
        self.n = "a"
        return 1


@programs.script()
def wrong_attribute_type(n: int) -> int:
    return WrongAttribute(n).f()


class Empty(Enum):
    pass


class Mixed(Enum):
    A = 1
    B = "b"


class Color(Enum):
    RED = 1


@programs.script()
def missing_member():
    return Color.BLUE


@programs.script()
def non_existing_method(n: int) -> int:
    return NoAttribute(n).g()


@programs.script()
def wrong_init(n: int) -> int:
    return NoAttribute(n, n).n


class RecursiveMethod:
    def __init__(self, n: int):
        self.n = n

    def f(self, k: int) -> int:
        return 1 if k < 2 else self.f(k - 1)


@programs.script()
def recursive_method(n: int) -> int:
    return RecursiveMethod(n).f(n)


@programs.script()
def not_constant_dispatch(x, flag: bool):
    return nn.functional.max_pool2d(x, 2, return_indices=flag)


@programs.script()
def module_attribute_missing(x):
    return torch.nn.frobnicate(x)


@programs.script()
def call_of_a_set(x: Tensor):
    return UNIQUE(x)


@programs.script()
def call_of_a_number(x: Tensor):
    return NUMBER(x)


@programs.script()
def call_of_a_module(x: Tensor):
    return math(x)


@programs.script()
def module_as_a_value(x: Tensor):
    return len(math)
