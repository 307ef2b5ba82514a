"""A scaled layer whose `__call__` does more than its `forward`.

Trace: Net
Input: float32[2,3]
Happens: the script calls `forward` and never `__call__`.
"""

from torch import Tensor, nn


class Scaled(nn.Linear):
    def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
        return super().__call__(x) * 0.5  # guilty: other-method


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = Scaled(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x).tanh()  # also right: other-method
