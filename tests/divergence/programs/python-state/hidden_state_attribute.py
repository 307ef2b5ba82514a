"""A streaming recurrent network that keeps its state as an attribute.

Trace: Streaming
Input: float32[1,3]
Happens: the trace starts from nothing in each call.
"""

import torch
from torch import Tensor, nn


class Streaming(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 4)
        self.hidden = None

    def previous(self) -> Tensor:
        if self.hidden is None:  # guilty: python-state or branch
            return torch.zeros(1, 4)
        return self.hidden  # also right: python-state

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.cell(x, self.previous())
        self.hidden = hidden.detach()  # also right: python-state
        return hidden
