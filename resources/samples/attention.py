"""Self-attention with several heads written out, so that every step of it is a node of the graph."""

import math
from typing import Optional

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Sequences attending to themselves, with an optional mask: float32[N,L,32] -> float32[N,L,32]."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = 4
        self.project = nn.Linear(32, 96)
        self.merge = nn.Linear(32, 32)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        n, length, width = x.shape
        per_head = width // self.heads
        queries, keys, values = self.project(x).chunk(3, dim=-1)
        queries = queries.view(n, length, self.heads, per_head).transpose(1, 2)
        keys = keys.view(n, length, self.heads, per_head).transpose(1, 2)
        values = values.view(n, length, self.heads, per_head).transpose(1, 2)
        scores = torch.matmul(queries, keys.transpose(-2, -1)) / math.sqrt(per_head)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        mixed = torch.matmul(weights, values).transpose(1, 2).reshape(n, length, width)
        return self.merge(mixed)
