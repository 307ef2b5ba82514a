"""A student whose target is made without gradients.

Trace: Distilled
Input: float32[2,3]
Harmless: `no_grad` changes no value.
"""

import torch
from torch import Tensor, nn


class Distilled(nn.Module):
    def __init__(self):
        super().__init__()
        self.student, self.teacher = nn.Linear(3, 2), nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            target = self.teacher(x).softmax(dim=-1)
        return (self.student(x).log_softmax(dim=-1) * target.detach()).sum(dim=-1)
