"""A layer that is wrapped after it was made, by giving it another `__call__` class.

Trace: Net
Input: float32[2,3]
Happens: the class that was put in its place has a `__call__` that the script does not know.
"""

from torch import Tensor, nn


def quantised(layer: nn.Module) -> nn.Module:
    """The layer, of a subclass that rounds what it gives."""

    class Rounded(type(layer)):
        def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
            y = super().__call__(x)
            return (y * 4).round() / 4  # guilty: other-method

    layer.__class__ = Rounded
    return layer


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = quantised(nn.Linear(3, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(x)  # also right: other-method
