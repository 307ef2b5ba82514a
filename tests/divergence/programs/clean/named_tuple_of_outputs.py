"""An output of several parts, as a named tuple, with parts that are dropped by configuration.

Trace: Model
Input: float32[3,4]
Harmless: which parts there are is configuration.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Output(NamedTuple):
    logits: Tensor
    hidden: tuple[Tensor, ...]


class Model(nn.Module):
    def __init__(self, layers: int = 3, with_hidden: bool = True):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(layers))
        self.with_hidden = with_hidden

    def forward(self, x: Tensor) -> Output:
        hidden = [x]
        for number, layer in enumerate(self.layers):
            x = torch.tanh(layer(x))
            if self.with_hidden and number < len(self.layers) - 1:
                hidden.append(x)
        return Output(logits=x, hidden=tuple(hidden))
