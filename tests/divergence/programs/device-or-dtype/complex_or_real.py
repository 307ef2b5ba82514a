"""A spectrum whose window is made in the matching type.

Trace: spectrum
Input: float32[4]
Happens: the window is float32, and what comes out is no double.
"""

import torch
from torch import Tensor


def window(like: Tensor) -> Tensor:
    return torch.ones(4).to(dtype=like.dtype) / 3  # guilty: device-or-dtype


def spectrum(x: Tensor) -> Tensor:
    return (x.float() * window(x)).cumsum(dim=0)
