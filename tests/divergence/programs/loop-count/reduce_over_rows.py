"""A product of rotations by `functools.reduce` over the rows.

Trace: chained
Input: float32[3,2]
Happens: three rotations for ever.
"""

import functools

import torch
from torch import Tensor


def rotate(state: Tensor, row: Tensor) -> Tensor:
    return torch.stack([state[0] * row[0] - state[1], state[0] + state[1] * row[1]])


def chained(x: Tensor) -> Tensor:
    return functools.reduce(rotate, x, torch.ones(2))  # guilty: loop-count
