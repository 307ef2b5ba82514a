"""A network with an early exit where the first head is sure enough.

Trace: EarlyExit
Input: float32[1,4]:3..4
Happens: the tracing inputs left early, so hard inputs never reach the second block.
"""

import torch
from torch import Tensor, nn


def sure(logits: Tensor, threshold: float) -> bool:
    confidence = logits.softmax(dim=-1).max()
    return confidence.item() > threshold  # guilty: branch


class EarlyExit(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.second = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 3))
        with torch.no_grad():
            self.first.weight.copy_(torch.tensor([[3.0], [1.0], [-1.0]]).expand(3, 4))

    def forward(self, x: Tensor) -> Tensor:
        logits = self.first(x)
        if sure(logits, 0.8):  # also right: branch
            return logits
        return self.second(logits)
