"""A decoder layer with a cache of keys and values that grows in Python.

Trace: DecoderLayer
Input: float32[1,1,4]
Happens: the trace was made with an empty cache and never sees what came before.
"""

import torch
from torch import Tensor, nn


class Cache:
    def __init__(self):
        self.keys, self.values = [], []

    def extend(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        self.keys.append(key)  # also right: python-state
        self.values.append(value)  # also right: python-state
        keys = torch.cat(self.keys, dim=1)  # guilty: python-state
        return keys, torch.cat(self.values, dim=1)  # also right: python-state


class DecoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.key, self.value = nn.Linear(4, 4), nn.Linear(4, 4)
        self.cache = Cache()

    def forward(self, x: Tensor) -> Tensor:
        keys, values = self.cache.extend(self.key(x), self.value(x))
        return (x @ keys.transpose(1, 2)).softmax(dim=-1) @ values.cumsum(dim=1)
