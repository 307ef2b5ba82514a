"""A decoder step that writes to its cache at a position that comes as a tensor.

Trace: CachedStep
Input: float32[1,4]
Input: int64[]:0..1
Happens: the trace writes to the position of the traced step for ever.
"""

import torch
from torch import Tensor, nn


class Cache(nn.Module):
    def __init__(self, length: int, width: int):
        super().__init__()
        self.register_buffer("kept", torch.zeros(length, width))

    def put(self, row: Tensor, position: Tensor) -> Tensor:
        kept = self.kept.clone()
        kept[int(position)] = row  # guilty: constant
        return kept


class CachedStep(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(4, 4)
        self.cache = Cache(5, 4)

    def forward(self, x: Tensor, position: Tensor) -> Tensor:
        kept = self.cache.put(self.project(x)[0], position)
        return x + kept.cumsum(dim=0)
