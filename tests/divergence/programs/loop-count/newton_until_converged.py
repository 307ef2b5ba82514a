"""Newton's method for square roots that runs until the step is small.

Trace: square_root
Input: float32[3]:0.9..1.1
Happens: the trace takes as many steps as the tracing inputs needed, too few for numbers far from one.
"""

from torch import Tensor


def step(guess: Tensor, x: Tensor) -> Tensor:
    return (guess + x / guess) / 2


def refine(guess: Tensor, x: Tensor, tolerance: float) -> Tensor:
    change = tolerance + 1
    while change > tolerance:  # guilty: loop-count or branch
        following = step(guess, x)
        change = (following - guess).abs().max()
        guess = following
    return guess


def square_root(x: Tensor) -> Tensor:
    return refine(x / 2 + 0.5, x, 1e-4)
