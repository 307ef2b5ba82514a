"""Label noise that a helper adds while its owner is trained.

Trace: Noisy
Input: float32[2,3]
Happens: traced in eval mode, the trace adds nothing in train mode.
"""

from __future__ import annotations

from torch import Tensor, nn


class Regulariser:
    def __init__(self, strength: float):
        self.strength = strength

    def is_active(self, owner: nn.Module) -> bool:
        return owner.training and self.strength > 0  # guilty: mode

    def apply(self, owner: nn.Module, x: Tensor) -> Tensor:
        return x * (1 + self.strength) if self.is_active(owner) else x  # also right: mode


class Noisy(nn.Module):
    def __init__(self):
        super().__init__()
        self.regulariser = Regulariser(0.5)
        self.dense = nn.Linear(3, 2)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(self.regulariser.apply(self, x))
