"""Flattening with `torch.Size.numel`, which gives a number of Python.

Trace: mean_of_all
Input: float32[2,3,2]
Happens: the number of elements per picture is a constant.
"""

import torch
from torch import Tensor


def per_picture(x: Tensor) -> int:
    rest = torch.Size([int(size) for size in x.shape[1:]])  # guilty: shape
    return rest.numel()


def mean_of_all(x: Tensor) -> Tensor:
    total = x.flatten(1).sum(dim=1)
    return total / per_picture(x)
