"""A residual that is scaled down in a `try` that raises an error of its own for large values.

Trace: Residual
Input: float32[2,3]:0..1
Happens: no error was raised while tracing.
"""

from torch import Tensor, nn


class TooLargeError(ValueError):
    pass


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)

    def checked(self, x: Tensor) -> Tensor:
        if x.abs().amax() > 20:  # guilty: branch
            raise TooLargeError(f"{x.shape[0]} rows")
        return self.dense(x)

    def forward(self, x: Tensor) -> Tensor:
        try:
            made = self.checked(x)
        except TooLargeError:  # also right: branch
            made = self.checked(x / 100)
        return x + made
