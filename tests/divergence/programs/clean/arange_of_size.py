"""Positions that are counted by an operator from a size.

Trace: weighted
Input: float32[2,4]
Harmless: `arange` of a size is recorded.
"""

import torch
from torch import Tensor


def positions(x: Tensor) -> Tensor:
    return torch.arange(x.size(1)) + 1


def weighted(x: Tensor) -> Tensor:
    return x * positions(x) / x.size(1)
