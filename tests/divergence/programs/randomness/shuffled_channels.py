"""Channels that are shuffled in Python.

Trace: shuffled
Input: float32[1,5]
Happens: one order is kept.
"""

import random

from torch import Tensor


def order(count: int) -> list[int]:
    numbers = list(range(count))
    random.shuffle(numbers)  # guilty: randomness
    return numbers


def shuffled(x: Tensor) -> Tensor:
    return x[:, order(5)] * 3
