"""What is forked within a trace: functions, modules, methods, several results, forks in forks."""

from typing import Any

import torch
from torch import Tensor, nn

from tests.differential.tracing.programs.registry import Registry

forks = Registry("forks")
X = torch.arange(12.0).reshape(3, 4)


def _one(a: Tensor) -> Tensor:
    return a * 2 + 1


def _two(a: Tensor, b: Tensor) -> Any:
    return a * 2, b + a


@forks(X)
def awaited(x: Tensor) -> Tensor:
    future = torch.jit.fork(_one, x)
    y = x + 1
    return torch.jit.wait(future) + y


@forks(X)
def several_results(x: Tensor) -> Tensor:
    a, b = torch.jit.wait(torch.jit.fork(_two, x, x + 1))
    return a + b


@forks(X)
def list_of_results(x: Tensor) -> Tensor:
    a, b = torch.jit.wait(torch.jit.fork(lambda a: [a, a + 1], x))
    return a + b


@forks(X)
def never_awaited(x: Tensor) -> Tensor:
    torch.jit.fork(_one, x)
    return x + 1


@forks(X)
def in_each_other(x: Tensor) -> Tensor:
    def outer(a: Tensor) -> Tensor:
        return torch.jit.wait(torch.jit.fork(_one, a)) * 3

    return torch.jit.wait(torch.jit.fork(outer, x))


@forks(X)
def with_values_of_outside(x: Tensor) -> Tensor:
    z = x * 5
    return torch.jit.wait(torch.jit.fork(lambda a: a + z, x))


@forks(X)
def the_same_twice(x: Tensor) -> Tensor:
    a, b = torch.jit.fork(_one, x), torch.jit.fork(_one, x + 1)
    return torch.jit.wait(a) + torch.jit.wait(b)


@forks(X)
def with_numbers_and_names(x: Tensor) -> Tensor:
    return torch.jit.wait(torch.jit.fork(lambda a, n, m: a + n * m, x, 3, m=x))


@forks(X)
def of_constants(x: Tensor) -> Tensor:
    return torch.jit.wait(torch.jit.fork(_one, torch.ones(3, 4))) + x


@forks(X)
def awaited_twice(x: Tensor) -> Tensor:
    future = torch.jit.fork(_one, x)
    return torch.jit.wait(future) + torch.jit.wait(future)


@forks(X)
def awaited_by_itself(x: Tensor) -> Tensor:
    future = torch.jit.fork(_one, x)
    return future.wait() + 1


@forks(X)
def read_without_waiting(x: Tensor) -> Tensor:
    future = torch.jit.fork(_one, x)
    return future.value() + x


@forks(X)
def returned(x: Tensor) -> Any:
    return torch.jit.fork(_one, x)


@forks(X)
def without_traceable_result(x: Tensor) -> Any:
    return torch.jit.wait(torch.jit.fork(lambda a: {"a": a, 1: a}, x))


@forks(X)
def that_raises(x: Tensor) -> Any:
    def fails(a: Tensor) -> Tensor:
        raise ValueError("no")

    return torch.jit.wait(torch.jit.fork(fails, x))


_FOREIGN = torch.jit.fork(_one, X)


@forks(X)
def of_elsewhere(x: Tensor) -> Tensor:
    return torch.jit.wait(_FOREIGN) + x


@forks(X)
def that_write(x: Tensor) -> Tensor:
    def write(a: Tensor) -> Tensor:
        a.add_(1)
        return a

    y = x * 1
    return torch.jit.wait(torch.jit.fork(write, y)) + y


@forks.sided(X)
def of_scripted(library: Any) -> Any:
    @library.script
    def scripted(a: Tensor) -> Tensor:
        return a * 2

    return lambda x: torch.jit.wait(torch.jit.fork(scripted, x))


@forks(X)
class OfModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Sequential(nn.Linear(4, 4), nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        future = torch.jit.fork(self.layer, x)
        return torch.jit.wait(future) + self.layer(x)


@forks(X)
class OfMethod(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.scale = nn.Parameter(torch.ones(4))

    def work(self, x: Tensor) -> Tensor:
        return self.layer(x) * self.scale

    def forward(self, x: Tensor) -> Tensor:
        return torch.jit.wait(torch.jit.fork(self.work, x)) + x


@forks(X)
class InSubmodule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.part = OfMethod()

    def forward(self, x: Tensor) -> Tensor:
        return self.part(x) * self.part.scale
