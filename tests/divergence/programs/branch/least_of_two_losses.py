"""Python's `min` over two tensors, which asks which of them is less.

Trace: best_of
Input: float32[3]:3..4
Happens: the loss that was less while tracing is returned ever after.
"""

from torch import Tensor


def forward_loss(x: Tensor) -> Tensor:
    return (x * 0.5).sum()


def backward_loss(x: Tensor) -> Tensor:
    return (x * 2.0).sum()


def lesser(x: Tensor) -> Tensor:
    return min(forward_loss(x), backward_loss(x))  # guilty: branch


def best_of(x: Tensor) -> Tensor:
    loss = lesser(x)
    return x * 0.1 + loss
