"""A loss with label smoothing over a number of classes that is configured.

Trace: Loss
Input: float32[4,3]
Input: int64[4]:0..3
Harmless: classes and smoothing are numbers of the model.
"""

import torch
from torch import Tensor, nn


class Loss(nn.Module):
    def __init__(self, classes: int = 3, smoothing: float = 0.1):
        super().__init__()
        self.classes, self.smoothing = classes, smoothing

    def targets(self, labels: Tensor) -> Tensor:
        off = self.smoothing / (self.classes - 1)
        full = torch.full((labels.size(0), self.classes), off)
        return full.scatter(1, labels.unsqueeze(1), 1 - self.smoothing)

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        assert 0 <= self.smoothing < 1
        return -(self.targets(labels) * logits.log_softmax(dim=1)).sum(dim=1).mean()
