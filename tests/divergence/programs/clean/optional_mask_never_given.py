"""Attention with an optional mask, which the model is traced and used without.

Trace: Attention
Input: float32[2,3,4]
Harmless: whoever calls the trace cannot give it a mask.
"""

from typing import Optional

from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(4, 4)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        scores = self.project(x) @ x.transpose(1, 2)
        if mask is not None:
            scores = scores.masked_fill(mask, -1e4)
        return scores.softmax(dim=-1) @ x
