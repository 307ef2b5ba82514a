"""Programs whose traces are checked: what is warned of, and what is refused."""

import random
from typing import Any

import torch
from torch import nn

from tests.differential.tracing.programs.registry import Registry

checked = Registry("checked")
X = torch.rand(3, 4)


@checked.sided(X, check_trace=True)
def plain(library: Any) -> Any:
    return lambda x: x * 2 + 1


@checked.sided(X, check_trace=True)
def draws(library: Any) -> Any:
    return lambda x: x + torch.rand(3, 4)


@checked.sided(X, check_trace=True)
def draws_in_python(library: Any) -> Any:
    random.seed(0)
    return lambda x: x + random.random()


@checked.sided(X, check_trace=True)
def dropout(library: Any) -> Any:
    return nn.Dropout(0.5)


@checked.sided(X, check_trace=True)
def dropout_switched_off(library: Any) -> Any:
    return nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 4)).eval()


@checked.sided(X, check_trace=True)
def grows(library: Any) -> Any:
    count = [0]

    def program(x):
        count[0] += 1
        for _ in range(count[0]):
            x = x + 1
        return x

    return program


@checked.sided(X, check_trace=True)
def fails_later(library: Any) -> Any:
    count = [0]

    def program(x):
        count[0] += 1
        if count[0] > 1:
            raise ValueError("only once")
        return x + 1

    return program


@checked.sided(X, check_trace=True)
def constant_changes(library: Any) -> Any:
    count = [0.0]

    def program(x):
        count[0] += 1
        return x + torch.full((4,), count[0]).numpy().sum().item()

    return program


@checked.sided(X, check_trace=True, check_inputs=[(torch.rand(3, 4),), (torch.rand(2, 4),)])
def depends_on_sizes(library: Any) -> Any:
    return lambda x: x + 1 if x.size(0) == 3 else x * 2


@checked.sided(X, check_trace=True, check_inputs=[torch.rand(5, 4)])
def other_sizes(library: Any) -> Any:
    return lambda x: x.view(x.size(0), 2, 2)


@checked.sided(X, check_trace=True, check_tolerance=1e9)
def tolerated(library: Any) -> Any:
    return lambda x: x + 1 + torch.rand(3, 4) * 1e-3


@checked.sided(X, check_trace=True)
def module_with_scopes(library: Any) -> Any:
    return nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))


@checked.sided(X, check_trace=True)
def counts_calls(library: Any) -> Any:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0

        def forward(self, x):
            self.calls += 1
            return x + torch.ones(1) * self.calls

    return Counting()


@checked.sided(example_kwarg_inputs={"x": X, "y": X}, check_trace=True)
def keywords(library: Any) -> Any:
    def program(x, y):
        return x - y * 2

    return program


@checked.sided(example_kwarg_inputs={"x": X, "z": X}, check_trace=True)
def unknown_keyword(library: Any) -> Any:
    def program(x, y):
        return x - y * 2

    return program


@checked.sided({"a": X}, check_trace=True)
def dict_input(library: Any) -> Any:
    return lambda given: given["a"] * 2


@checked.sided((X, X), check_trace=True)
def tuple_input(library: Any) -> Any:
    return lambda given: given[0] * given[1]


@checked.sided(torch.rand(3, 4, requires_grad=True), check_trace=True)
def with_gradient(library: Any) -> Any:
    return lambda x: (x * x).sum()


@checked.sided(X, check_trace=True)
def writes_to_input(library: Any) -> Any:
    return lambda x: x.add_(1)
