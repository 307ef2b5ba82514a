"""Monte Carlo dropout: functional dropout without a flag, which draws in both modes, as the graph does.

Trace: MonteCarlo
Input: float32[2,4]
Harmless: the draws are operators of the graph, from the same generator.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class MonteCarlo(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 8), nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        hidden = F.dropout(self.first(x).relu(), 0.5)
        return self.second(hidden)
