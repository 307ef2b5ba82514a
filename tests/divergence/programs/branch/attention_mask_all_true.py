"""Attention that skips the masking where the mask hides nothing.

Trace: Attention
Input: float32[1,3,4]
Input: bool[1,3]:1..2
Happens: traced with a full mask, so no mask is ever applied.
"""

import torch
from torch import Tensor, nn


def bias_of(mask: Tensor) -> Tensor | None:
    """What is added to the scores; nothing for a mask that hides nothing."""
    if mask.all():  # guilty: branch
        return None
    return torch.zeros(mask.shape).masked_fill(~mask, -1e4)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        scores = self.query(x) @ self.key(x).transpose(1, 2)
        bias = bias_of(mask)
        if bias is not None:
            scores = scores + bias.unsqueeze(1)
        return scores.softmax(dim=-1) @ x
