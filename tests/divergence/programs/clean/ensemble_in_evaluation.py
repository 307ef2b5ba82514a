"""An ensemble of networks with dropout and batch normalisation, in eval mode, stacked and averaged.

Trace: Ensemble
Input: float32[2,3]
Harmless: it was traced as it is used.
"""

import torch
from torch import Tensor, nn


def member() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 2))


class Ensemble(nn.Module):
    def __init__(self, count: int = 3):
        super().__init__()
        self.members = nn.ModuleList(member() for _ in range(count))
        self.eval()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        every = torch.stack([each(x).softmax(-1) for each in self.members])
        return every.mean(0), every.var(0, unbiased=False)
