"""A block whose activation, norm and residual are configured.

Trace: Block
Input: float32[2,4]
Harmless: none of the branches looks at the data.
"""

import torch
from torch import Tensor, nn


class Block(nn.Module):
    def __init__(self, activation: str = "gelu", residual: bool = True, norm: bool = False):
        super().__init__()
        self.activation, self.residual = activation, residual
        self.dense = nn.Linear(4, 4)
        self.norm = nn.LayerNorm(4) if norm else None

    def activated(self, x: Tensor) -> Tensor:
        if self.activation == "gelu":
            return nn.functional.gelu(x)
        elif self.activation == "relu":
            return torch.relu(x)
        raise ValueError(self.activation)

    def forward(self, x: Tensor) -> Tensor:
        y = self.activated(self.dense(x))
        if self.norm is not None:
            y = self.norm(y)
        return x + y if self.residual else y
