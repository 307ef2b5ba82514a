"""A learning-rate-like factor that a closure counts down with `nonlocal`.

Trace: scheduled
Input: float32[2]
Happens: the factor of the traced call stays.
"""

from collections.abc import Callable

from torch import Tensor


def countdown(start: int) -> Callable[[], float]:
    left = start

    def factor() -> float:
        nonlocal left
        left = max(0, left - 1)
        return left / start  # guilty: python-state

    return factor


FACTOR = countdown(4)


def scheduled(x: Tensor) -> Tensor:
    strength = FACTOR()
    return x + strength * x.abs()
