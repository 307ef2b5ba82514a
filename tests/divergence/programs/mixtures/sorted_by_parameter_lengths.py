"""A loop over the rows of a parameter, which are always three, and one over the labels' values.

Trace: Prototypes
Input: float32[2,4]
Input: int64[2]:2..4
Happens: the loop over prototypes is harmless; `bincount` turned into a list is not.
"""

import torch
from torch import Tensor, nn


def counts(labels: Tensor) -> list[int]:
    return torch.bincount(labels, minlength=4).tolist()  # guilty: constant


class Prototypes(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows = nn.Parameter(torch.arange(12.0).reshape(3, 4) / 12)

    def distances(self, x: Tensor) -> Tensor:
        found = []
        for row in self.rows:
            found.append((x - row).pow(2).sum(dim=1))
        return torch.stack(found, dim=1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        weights = torch.tensor(counts(labels)[:3]) + 1
        return self.distances(x) / weights
