"""A stack that is iterated from its last layer to its first.

Trace: Decoder
Input: float32[2,3]
Happens: the script iterates the modules in their own order, whatever `__iter__` says.
"""

from torch import Tensor, nn


class Backwards(nn.ModuleList):
    def __iter__(self):  # also right: other-method
        return reversed(list(super().__iter__()))  # guilty: other-method


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = Backwards([nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 3), nn.ReLU()])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:  # also right: other-method
            x = layer(x)
        return x
