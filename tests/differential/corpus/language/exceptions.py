"""Exceptions: raised, asserted, by operators, through calls; futures and forks."""

import warnings
from typing import List, Tuple

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.arange(6.0).reshape(2, 3)


@programs.script((1,), (-1,))
def raises_value_error(n: int) -> int:
    if n < 0:
        raise ValueError("n is negative: {}".format(n))
    return n


@programs.script((1,), (2,), (3,), (4,))
def raises_different_classes(n: int) -> int:
    if n == 1:
        raise RuntimeError("one")
    if n == 2:
        raise IndexError("two")
    if n == 3:
        raise NotImplementedError
    return n


class OwnError(Exception):
    pass


@programs.script((True,), (False,))
def raises_own_class(flag: bool) -> str:
    if flag:
        raise OwnError("own")
    return "fine"


@programs.script((3,), (30,))
def asserts(n: int) -> int:
    assert n < 10, f"{n} is too large"
    assert n > 0
    return n


@programs.script((0,))
def asserts_without_message(n: int) -> int:
    assert n > 0
    return n


@programs.script(([1, 2], 5), ([1, 2], -3), ([1, 2], 1))
def index_out_of_range(xs: List[int], n: int) -> int:
    return xs[n]


@programs.script(({"a": 1}, "b"), ({"a": 1}, "a"))
def missing_key(table: dict[str, int], key: str) -> int:
    return table[key]


@programs.script((X, 4), (X, 3))
def wrong_shape(x: Tensor, n: int) -> Tensor:
    return x @ torch.ones(n, 1)


@programs.script((3, 0))
def division_by_zero(a: int, b: int) -> float:
    return a / b


@programs.script(("x",), ("12",))
def conversion_fails(s: str) -> int:
    return int(s)


def checked(n: int) -> int:
    if n > 2:
        raise ValueError("deep inside")
    return n


@programs.script((1,), (3,))
def raises_in_callee(n: int) -> int:
    return checked(n) + 1


@programs.script((5,))
def raises_in_loop(n: int) -> int:
    total = 0
    for i in range(n):
        if i == 3:
            raise RuntimeError("at " + str(i))
        total += i
    return total


@programs.script(([],))
def empty_pop(xs: List[int]) -> int:
    return xs.pop()


@programs.script(([1, 2, 3],))
def wrong_count(xs: List[int]) -> int:
    a, b = xs
    return a + b


def doubled(x: Tensor, by: float = 2.0) -> Tensor:
    return x * by


@programs.script((X,))
def forks(x: Tensor) -> Tensor:
    first = torch.jit.fork(doubled, x)
    second = torch.jit.fork(doubled, x + 1, 3.0)
    third = torch.jit.fork(doubled, x=x, by=0.5)
    return torch.jit.wait(first) + torch.jit.wait(second) + torch.jit.wait(third)


@programs.script((X, 3))
def list_of_futures(x: Tensor, n: int) -> Tensor:
    futures: List[torch.jit.Future[Tensor]] = []
    for i in range(n):
        futures.append(torch.jit.fork(doubled, x, float(i)))
    total = torch.zeros_like(x)
    for future in futures:
        total = total + torch.jit.wait(future)
    return total


def several(x: Tensor) -> Tuple[Tensor, int]:
    return x + 1, x.size(0)


@programs.script((X,))
def fork_of_tuple(x: Tensor) -> Tensor:
    future = torch.jit.fork(several, x)
    y, n = torch.jit.wait(future)
    return y * n


def outer(x: Tensor) -> Tensor:
    return torch.jit.wait(torch.jit.fork(doubled, x)) + 1


@programs.script((X,))
def nested_forks(x: Tensor) -> Tensor:
    return torch.jit.wait(torch.jit.fork(outer, x)) * 2


class Worker(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)


@programs.script((X,))
class ForksModules(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.worker = Worker()

    def forward(self, x: Tensor) -> Tensor:
        future = torch.jit.fork(self.worker, x)
        return self.worker(x) + torch.jit.wait(future)


@programs.script((4,), (-4,))
def fork_that_raises(n: int) -> int:
    future = torch.jit.fork(checked, n)
    return torch.jit.wait(future)


@programs.script((X,))
def warns(x: Tensor) -> Tensor:
    warnings.warn("take care")
    return x
