"""Spans of a recording that are masked at places which numpy draws.

Trace: MaskedEncoder
Input: float32[1,6,2]
Happens: the spans of the trace are a constant.
"""

import numpy as np
import torch
from torch import Tensor, nn


def spans(length: int, count: int) -> np.ndarray:
    mask = np.zeros(length, dtype=bool)
    for start in np.random.choice(length - 1, count, replace=False):  # guilty: randomness
        mask[start : start + 2] = True
    return mask


class MaskedEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.blank = nn.Parameter(torch.full((2,), 9.0))

    def forward(self, x: Tensor) -> Tensor:
        mask = torch.from_numpy(spans(6, 2)).unsqueeze(-1)
        return torch.where(mask, self.blank, x)
