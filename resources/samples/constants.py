"""Arithmetic on known numbers, a branch always taken: what constant-propagation and peephole are for."""

from torch import Tensor, nn


class Scale(nn.Module):
    """Multiplies by a number it works out anew each time: float32[...] -> float32[...]."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        bits = 3 * 2 + 2
        levels = 2**bits - 1
        step = 1.0 / float(levels)
        if bits > 4:
            y = self.layer(x) * step
        else:
            y = self.layer(x) / step
        return y * 1 + 0
