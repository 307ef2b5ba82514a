"""A mask of words that is put together as lists of numbers.

Trace: masked_sum
Input: int64[3]:1..3
Input: float32[3,4]
Happens: the mask of the tracing lengths is a constant tensor.
"""

import torch
from torch import Tensor


def mask_rows(lengths: list[int], longest: int) -> list[list[int]]:
    return [[1] * length + [0] * (longest - length) for length in lengths]


def mask_of(lengths: Tensor, longest: int) -> Tensor:
    rows = mask_rows(lengths.tolist(), longest)  # guilty: constant
    return torch.tensor(rows).float()  # also right: constant


def masked_sum(lengths: Tensor, values: Tensor) -> Tensor:
    return (values * mask_of(lengths, 4)).sum(dim=1)
