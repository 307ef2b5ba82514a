"""A tensor that is handed to another library without a copy, and scaled there.

Trace: exchanged
Input: float32[4]:0..1
Happens: what came over DLPack is a constant for the trace.
"""

import torch
from torch import Tensor


def handed_over(x: Tensor) -> Tensor:
    return torch.from_dlpack(x)  # guilty: aliasing or constant


def exchanged(x: Tensor) -> Tensor:
    y = x.clone()
    handed_over(y).mul_(3)  # also right: aliasing
    return y + 1
