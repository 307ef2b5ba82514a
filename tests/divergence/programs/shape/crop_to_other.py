"""A skip connection that is cropped to the size of the decoder's features.

Trace: join_skip
Input: float32[1,8]
Input: float32[1,4]
Happens: where the crop begins was rounded with `math.floor`, and stays.
"""

import math

import torch
from torch import Tensor


def offset(large: int, small: int) -> int:
    return math.floor((large - small) / 2)  # guilty: shape


def cropped(skip: Tensor, size: int) -> Tensor:
    start = offset(skip.shape[1], size)
    return skip.narrow(1, start, size)


def join_skip(skip: Tensor, x: Tensor) -> Tensor:
    return torch.cat([cropped(skip, x.shape[1]), x], dim=0)
