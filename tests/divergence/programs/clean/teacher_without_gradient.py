"""A teacher runs without gradients, in eval mode, and gives a target.

Trace: Distilled
Input: float32[2,3]
Harmless: values do not depend on whether gradients are kept.
"""

import torch
from torch import Tensor, nn


class Distilled(nn.Module):
    def __init__(self):
        super().__init__()
        self.student = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
        self.teacher = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.4), nn.Linear(4, 2)).eval()
        self.eval()

    @torch.no_grad()
    def target(self, x: Tensor) -> Tensor:
        return self.teacher(x).detach().softmax(-1)

    def forward(self, x: Tensor) -> Tensor:
        made = self.student(x).log_softmax(-1)
        return -(self.target(x) * made).sum(-1)
