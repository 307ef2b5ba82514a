"""A decorator scales what a method of a nested module gives; the script compiles the method alone.

Trace: Block
Input: float32[1,3,2]
Happens: `wraps` leads the compiler past the decorator.
"""

from collections.abc import Callable
from functools import wraps

from torch import Tensor, nn


def halved(method: Callable[..., Tensor]) -> Callable[..., Tensor]:
    @wraps(method)
    def scaled(self, x: Tensor) -> Tensor:
        return method(self, x) * 0.5  # guilty: other-method

    return scaled


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    @halved
    def attend(self, x: Tensor) -> Tensor:  # also right: other-method
        return (x @ x.transpose(1, 2)).softmax(-1) @ self.dense(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.attend(x)  # also right: other-method


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention()

    def forward(self, x: Tensor) -> Tensor:
        return x + self.attention(x)
