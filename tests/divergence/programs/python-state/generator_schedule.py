"""A schedule written as a generator that is kept.

Trace: decay
Input: float32[2]
Happens: the first value is kept.
"""

from torch import Tensor


def schedule():
    rate = 1.0
    while True:
        yield rate  # also right: python-state
        rate *= 0.5


RATES = schedule()


def decay(x: Tensor) -> Tensor:
    return x * next(RATES)  # guilty: python-state
