"""A block whose `forward` is decorated to add the residual.

Trace: Block
Input: float32[2,3]
Happens: the script compiles the bare method.
"""

import functools

from torch import Tensor, nn


def residual(method):
    @functools.wraps(method)
    def with_input(self, x: Tensor) -> Tensor:
        return x + method(self, x)  # guilty: other-method

    return with_input


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 3)

    @residual  # also right: other-method
    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x).relu()


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) * 2  # also right: other-method
