"""The two largest entries are averaged, those that are not finite left out, all by operators.

Trace: robust
Input: float32[2,4]
Harmless: nothing is read by Python.
"""

import torch
from torch import Tensor


def finite(x: Tensor) -> Tensor:
    return torch.nan_to_num(x, nan=0.0, posinf=1e4, neginf=-1e4)


def robust(x: Tensor) -> Tensor:
    values, order = finite(x).sort(dim=-1, descending=True)
    weights = torch.zeros_like(values).scatter_(-1, order[:, :2], 1.0)
    return (finite(x) * weights).sum(-1) / weights.sum(-1) + values[:, 0]
