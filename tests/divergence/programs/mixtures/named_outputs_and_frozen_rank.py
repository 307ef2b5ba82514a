"""A named tuple of outputs, a harmless lookup by configuration, and how many entries are best by share.

Trace: Classifier
Input: float32[3,8]
Happens: a quarter of the classes was two while tracing.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu}


class Output(NamedTuple):
    best: Tensor
    logits: Tensor


class Classifier(nn.Module):
    def __init__(self, activation: str = "tanh"):
        super().__init__()
        self.activation = activation

    def count(self, logits: Tensor) -> int:
        return max(1, logits.size(-1) // 4)  # guilty: branch or shape

    def forward(self, x: Tensor) -> Output:
        logits = ACTIVATIONS[self.activation](x)
        best = logits.topk(self.count(logits), dim=-1).values
        return Output(best.sum(dim=-1), logits)
