"""A helper that takes tensors and lists of numbers.

Trace: total
Input: float32[3]
Harmless: what is called with a tensor is always called with one.
"""

import torch
from torch import Tensor


def as_tensor(x) -> Tensor:
    if isinstance(x, list):
        return torch.tensor(x)
    if not torch.is_tensor(x):
        raise TypeError("a tensor or a list is expected")
    return x


def total(x: Tensor) -> Tensor:
    return as_tensor(x).sum() + as_tensor([1.0, 2.0]).sum()
