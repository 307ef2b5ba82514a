"""Losses in a dict that are weighed and summed.

Trace: combined
Input: float32[3]
Input: float32[3]
Harmless: the names are always the same.
"""

from torch import Tensor

WEIGHTS = {"absolute": 0.3, "squared": 0.7}


def losses(x: Tensor, y: Tensor) -> dict[str, Tensor]:
    error = x - y
    return {"absolute": error.abs().mean(), "squared": error.pow(2).mean()}


def combined(x: Tensor, y: Tensor) -> Tensor:
    return sum(WEIGHTS[name] * loss for name, loss in losses(x, y).items())
