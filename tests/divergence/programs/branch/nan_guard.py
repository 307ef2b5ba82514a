"""A loss that falls back to a smooth form where exponentials overflow.

Trace: stable_loss
Input: float32[2,3]:-0.1..0.1
Happens: the trace has no fallback, and gives inf where eager gives a number.
"""

import torch
from torch import Tensor


def direct(x: Tensor) -> Tensor:
    return torch.log1p(torch.exp(x)).mean()


def is_fine(value: Tensor) -> bool:
    return bool(torch.isfinite(value))  # guilty: branch


def stable_loss(x: Tensor) -> Tensor:
    x = x * 200
    loss = direct(x)
    if is_fine(loss):  # also right: branch
        return loss
    return torch.clamp(x, min=0).mean()
