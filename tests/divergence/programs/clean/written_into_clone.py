"""Several writes in place, all of them to what the call itself has made.

Trace: filtered
Input: float32[2,3]
Harmless: operators in place are recorded.
"""

import torch
from torch import Tensor


def clamp_negative(x: Tensor) -> Tensor:
    made = x.clone()
    made.masked_fill_(made < 0, 0.0)
    return made


def mark_first(x: Tensor) -> Tensor:
    made = torch.zeros_like(x)
    made[:, 0] = x[:, 0]
    made[:, 1:].copy_(x[:, :-1])
    made.index_put_((torch.tensor([0]),), torch.tensor(2.0))
    return made


def filtered(x: Tensor) -> Tensor:
    made = mark_first(clamp_negative(x))
    made.add_(1).mul_(x.abs() + 1)
    return made
