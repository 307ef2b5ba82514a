"""A helper that is memoised by a decorator which doubles what it gives.

Trace: Model
Input: float32[3]
Happens: the script compiles the helper without its decorator.
"""

import functools

from torch import Tensor, nn


class Twice:
    """Calls a function and doubles what it gives."""

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
        return 2 * self.function(x)  # guilty: other-method


class Head(nn.Linear):
    def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
        y = super().__call__(x)
        return y - y.mean()  # also right: other-method


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = Head(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(x)  # also right: other-method
