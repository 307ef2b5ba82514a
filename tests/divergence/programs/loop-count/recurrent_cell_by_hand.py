"""A recurrent network written out: a Python loop over the steps of the sequence.

Trace: Recurrent
Input: float32[2,4,3]
Happens: the trace has as many steps as the tracing sequence; longer ones are cut, shorter ones fail.
"""

import torch
from torch import Tensor, nn


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 5)

    def unroll(self, x: Tensor, state: Tensor) -> list[Tensor]:
        states = []
        for step in range(x.size(1)):  # guilty: loop-count
            state = self.cell(x[:, step], state)
            states.append(state)
        return states

    def forward(self, x: Tensor) -> Tensor:
        start = torch.zeros(x.size(0), 5)
        return torch.stack(self.unroll(x, start), dim=1)
