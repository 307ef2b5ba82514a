"""Masked scores: the least number of the type that the scores had while tracing.

Trace: masked_softmax
Input: float32[2,3]
Input: bool[2,3]
Happens: the least float32 does not fit in a half.
"""

import torch
from torch import Tensor


def least(scores: Tensor) -> float:
    return torch.finfo(scores.dtype).min  # guilty: device-or-dtype


def masked_softmax(scores: Tensor, mask: Tensor) -> Tensor:
    return scores.masked_fill(mask, least(scores)).softmax(dim=-1)
