"""A recurrent network whose first state is made for a batch of `len(x)` rows.

Trace: Recurrent
Input: float32[1,4,2]
Happens: the state is that of the traced batch.
"""

import torch
from torch import Tensor, nn


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(2, 3, batch_first=True)

    def start(self, batch: int) -> Tensor:
        return torch.zeros(1, batch, 3)

    def forward(self, x: Tensor) -> Tensor:
        state = self.start(len(x))  # guilty: shape
        states, _ = self.rnn(x, state)
        return states
