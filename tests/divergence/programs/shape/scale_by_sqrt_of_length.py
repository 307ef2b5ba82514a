"""Scores that are divided by the square root of their number, with `math.sqrt`.

Trace: scaled_scores
Input: float32[1,4]
Happens: `math.sqrt` needs a Python number, and the trace keeps it.
"""

import math

from torch import Tensor


class Scale:
    def __init__(self, floor: float):
        self.floor = floor

    def of(self, size: int) -> float:
        return max(math.sqrt(size), self.floor)  # guilty: shape


def scaled_scores(x: Tensor) -> Tensor:
    scale = Scale(1.0).of(x.shape[-1])  # also right: shape
    return (x / scale).softmax(dim=-1)
