"""A model that gives losses while it is trained, and predictions otherwise.

Trace: Regression
Input: float32[2,3]
Input: float32[2,1]
Happens: traced in one mode, the trace gives the same in the other.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 1)

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        made = self.dense(x)
        if self.training:  # guilty: mode
            return F.mse_loss(made, target)
        return made


class Regression(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = Head()
        self.eval()

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        return self.head(x, target) + 1
