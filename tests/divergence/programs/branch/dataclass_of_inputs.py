"""A batch as a dataclass with a property that tells whether anything is padded.

Trace: encode
Input: int64[2,4]:1..6
Input: int64[2]:2..4
Happens: the traced batch was padded, the mask is used for full ones too; the other way round it is missing.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

TABLE = torch.linspace(-1, 1, 24).view(6, 4)


@dataclass
class Batch:
    tokens: Tensor
    lengths: Tensor

    @property
    def is_padded(self) -> bool:
        return bool((self.lengths < self.tokens.shape[1]).any())  # guilty: branch or constant

    def mask(self) -> Tensor:
        return torch.arange(self.tokens.shape[1]) < self.lengths.unsqueeze(1)


def pooled(batch: Batch) -> Tensor:
    rows = TABLE[batch.tokens]
    if batch.is_padded:  # also right: branch
        weights = batch.mask().unsqueeze(-1).float()
        return (rows * weights).sum(1) / weights.sum(1)
    return rows.amax(dim=1)


def encode(tokens: Tensor, lengths: Tensor) -> Tensor:
    return pooled(Batch(tokens, lengths)) * 3
