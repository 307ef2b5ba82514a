"""Functions with derivatives of their own, which are calls of Python in the graph."""

from typing import Any

import torch
from torch import Tensor, nn

from tests.differential.tracing.programs.registry import Registry

autograd_functions = Registry("autograd_functions")
X = torch.rand(3, 4)


class Scaled(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: float, name: str) -> Tensor:
        ctx.factor = factor
        return x * factor + 1

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return grads[0] * ctx.factor, None, None


class Split(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Any:
        return x + y, x - y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return grads[0] + grads[1], grads[0] - grads[1]


class Doubling(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.mark_dirty(x)
        return x.mul_(2)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return grads[0] * 2


@autograd_functions(X)
def one_result(x: Tensor) -> Tensor:
    return Scaled.apply(x - 1, 2.5, "a") * 2


@autograd_functions(X, X * 2)
def two_results(x: Tensor, y: Tensor) -> Tensor:
    a, b = Split.apply(x, y)
    return a * b


@autograd_functions(torch.rand(3, requires_grad=True))
def with_gradient(x: Tensor) -> Tensor:
    return Scaled.apply(x, 3.0, "b").sum()


@autograd_functions(X)
def in_place(x: Tensor) -> Tensor:
    y = x + 1
    return Doubling.apply(y) + y


@autograd_functions(X)
class InModule(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return Scaled.apply(self.layer(x), 2.0, "c")


@autograd_functions(X)
class InScope(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = InModule()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) + 1


@autograd_functions(torch.rand(1, 3, 2, 2))
class OfTorch(nn.CrossMapLRN2d):
    def __init__(self) -> None:
        super().__init__(2)
