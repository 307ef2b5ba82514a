"""A recurrent layer behind checks that always hold, over layers that are always two.

Trace: Stack
Input: float32[2,3,3]
Happens: the checks and the loop over layers are harmless; the loop over time is not.
"""

import torch
from torch import Tensor, nn


def check(x: Tensor) -> None:
    assert x.dtype.is_floating_point
    assert x.shape[-1] == 3, "three features are expected"


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNNCell(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        state, states = torch.zeros(x.size(0), 3), []
        for step in range(x.shape[1]):  # guilty: loop-count
            state = self.cell(x[:, step], state)
            states.append(state)
        return torch.stack(states, dim=1)


class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([Layer(), Layer()])

    def forward(self, x: Tensor) -> Tensor:
        check(x)
        for layer in self.layers:
            x = layer(x) + x
        return x
