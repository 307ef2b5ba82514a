"""Columns that are written one by one into a tensor of zeros.

Trace: interleaved
Input: float32[2,4]
Harmless: writes through slices are recorded.
"""

import torch
from torch import Tensor


def fill(out: Tensor, x: Tensor) -> None:
    out[:, 0::2] = x[:, :2].sin()
    out[:, 1::2] = x[:, 2:].cos()


def interleaved(x: Tensor) -> Tensor:
    out = torch.zeros_like(x)
    fill(out, x)
    return out
