"""Layers are built from names in a registry that decorators fill.

Trace: Net
Input: float32[2,4]
Harmless: the registry is complete before anything is traced.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

REGISTRY: dict[str, Callable[[Tensor], Tensor]] = {}


def register(name: str) -> Callable[[Callable[[Tensor], Tensor]], Callable[[Tensor], Tensor]]:
    def add(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        REGISTRY[name] = function
        return function

    return add


@register("swish")
def swish(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


@register("square")
def square(x: Tensor) -> Tensor:
    return torch.relu(x).square()


class Net(nn.Module):
    def __init__(self, *names: str):
        super().__init__()
        self.names = names or ("swish", "square")
        self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in self.names)

    def forward(self, x: Tensor) -> Tensor:
        for name, layer in zip(self.names, self.layers, strict=True):
            if name not in REGISTRY:
                raise KeyError(name)
            x = REGISTRY[name](layer(x))
        return x
