"""Rows that are put in order by Python's `sorted`.

Trace: ordered
Input: float32[3,2]
Input: float32[3]
Happens: the order of the traced scores.
"""

import torch
from torch import Tensor


def order(scores: Tensor) -> list[int]:
    return sorted(range(3), key=lambda at: scores[at].item())  # guilty: constant


def ordered(x: Tensor, scores: Tensor) -> Tensor:
    return torch.stack([x[at] for at in order(scores)]).cumsum(dim=0)
