"""A decoder layer that gets its cache as inputs and gives it back as outputs.

Trace: Layer
Input: float32[1,1,2]
Input: float32[1,2,2]
Input: float32[1,2,2]
Harmless: the state is part of the signature.
"""

import torch
from torch import Tensor, nn

Cache = tuple[Tensor, Tensor]


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.projection = nn.Linear(2, 6)

    @staticmethod
    def extended(cache: Cache, key: Tensor, value: Tensor) -> Cache:
        return torch.cat([cache[0], key], dim=1), torch.cat([cache[1], value], dim=1)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        query, key, value = self.projection(x).split(2, dim=-1)
        keys, values = self.extended((keys, values), key, value)
        weights = (query @ keys.transpose(1, 2)).softmax(dim=-1)
        return weights @ values, keys, values
