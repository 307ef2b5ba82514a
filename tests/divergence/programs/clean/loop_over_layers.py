"""A perceptron that loops over its layers, and activates between all but the last.

Trace: Perceptron
Input: float32[2,3]
Harmless: the number of layers is part of the model.
"""

from torch import Tensor, nn


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(3, 3) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        for number, layer in enumerate(self.layers):
            x = layer(x)
            if number < len(self.layers) - 1:
                x = x.tanh()
        return x
