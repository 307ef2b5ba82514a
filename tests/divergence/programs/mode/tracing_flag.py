"""A post-processing that is simplified "for export".

Trace: decode
Input: float32[4]
Happens: the trace took the arm for tracing, which does not mean the same.
"""

import torch
from torch import Tensor


def ranked(x: Tensor) -> Tensor:
    if torch.jit.is_tracing():  # guilty: mode
        return x
    return x.sort(descending=True).values


def decode(scores: Tensor) -> Tensor:
    return ranked(scores).softmax(dim=0)[:2]
