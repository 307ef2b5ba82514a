"""Draws of the library, at a temperature that is configured.

Trace: Sampler
Input: float32[3,4]
Harmless: equal seeds give equal draws on both sides.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Sampler(nn.Module):
    def __init__(self):
        super().__init__()
        self.logits = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return F.gumbel_softmax(self.logits(x), tau=0.7)
