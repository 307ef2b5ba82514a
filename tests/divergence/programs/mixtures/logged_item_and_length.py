"""A metric that logs its values as numbers, and weighs with positions counted by `len`.

Trace: weighted
Input: float32[4,2]
Happens: what is logged goes nowhere; the count is a constant.
"""

import torch
from torch import Tensor

LOG: list[float] = []


def log(x: Tensor) -> None:
    LOG.append(x.abs().mean().item())
    del LOG[:-1]


def weights(count: int) -> Tensor:
    return torch.linspace(0, 1, count).unsqueeze(1)


def weighted(x: Tensor) -> Tensor:
    log(x)
    count = len(x)  # guilty: shape
    return x * weights(count)
