"""Arithmetic on known numbers, a branch always taken: what constant-propagation and peephole are for."""

from torch import Tensor, nn


def step_of(bits: int) -> float:
    """The distance of two of the levels that so many bits tell apart, from 0 to 1."""
    levels = 2**bits - 1
    return 1.0 / float(levels)


def scaled(x: Tensor, bits: int, factor: int, offset: int) -> Tensor:
    """`x` in levels of so many bits: float32[...] -> float32[...]."""
    step = step_of(bits)
    if bits > 4:
        y = x * step
    else:
        y = x / step
    return y * factor + offset


class Scale(nn.Module):
    """Multiplies by a number it works out anew each time: float32[...] -> float32[...].

    The numbers are known where the helpers are called and not in them, so that TorchScript, which works out
    what it can while it compiles, leaves them to the passes after inlining.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: Tensor) -> Tensor:
        return scaled(self.layer(x), 3 * 2 + 2, 1, 0)
