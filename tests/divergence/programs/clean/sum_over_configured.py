"""A mixture of layers with configured weights, by `sum` over a generator.

Trace: Mixture
Input: float32[2,3]
Harmless: both the layers and their weights are the model's.
"""

from torch import Tensor, nn


class Mixture(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])
        self.weights = [0.25, 0.75]

    def forward(self, x: Tensor) -> Tensor:
        return sum(weight * layer(x) for weight, layer in zip(self.weights, self.layers))
