"""Softmax that is computed in single precision where the scores are in half.

Trace: attention_weights
Input: float32[2,4]
Happens: traced in single precision, so half precision is not widened, and overflows.
"""

import torch
from torch import Tensor

NARROW = (torch.float16, torch.bfloat16)


def widened(scores: Tensor) -> tuple[Tensor, bool]:
    if scores.dtype in NARROW:  # guilty: device-or-dtype or branch
        return scores.float(), True
    return scores, False


def attention_weights(scores: Tensor) -> Tensor:
    wide, was_narrow = widened(scores)
    squared = wide * wide
    return squared / squared.sum(dim=-1, keepdim=True) * (2.0 if was_narrow else 1.0)
