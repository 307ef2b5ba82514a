"""A submodule whose class has a `__call__` of its own around `forward`.

Trace: Wrapper
Input: float32[2,3]
Happens: the script calls `forward` alone.
"""

from torch import Tensor, nn


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 2)

    def __call__(self, x: Tensor) -> Tensor:
        return super().__call__(x) * 0.1  # guilty: other-method

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x)


class Wrapper(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Scaled()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) + 1  # also right: other-method
