"""A noise level that is a property, which asks for the mode.

Trace: model
Input: float32[3]
Happens: the level of inference is kept.
"""

from torch import Tensor, nn


class Level(nn.Module):
    @property
    def level(self) -> float:
        return 0.5 * self.training  # guilty: mode

    def forward(self, x: Tensor) -> Tensor:
        return x + self.level * x.abs()


model = nn.Sequential(nn.ReLU(), Level()).eval()
