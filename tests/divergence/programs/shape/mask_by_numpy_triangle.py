"""An attention mask that numpy makes from the length.

Trace: Attention
Input: float32[1,3,2]
Happens: the triangle is one of three positions.
"""

import numpy as np
import torch
from torch import Tensor, nn


def triangle(length: int) -> Tensor:
    full = np.full((length, length), -1e4, dtype=np.float32)  # also right: shape or constant
    return torch.from_numpy(np.triu(full, k=1))  # also right: constant


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        scores = self.query(x) @ self.key(x).transpose(1, 2)
        mask = triangle(int(x.size(1)))  # guilty: shape
        return (scores + mask[: scores.size(1), : scores.size(2)]).softmax(-1) @ x
