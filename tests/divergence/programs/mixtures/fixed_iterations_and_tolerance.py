"""Iterations of which the outer ones are configured and the inner ones stop by themselves.

Trace: solved
Input: float32[3]:1..1.1
Happens: the outer count never changes, the inner one does.
"""

from torch import Tensor

OUTER = 2


def inner(guess: Tensor, x: Tensor) -> Tensor:
    error = (guess * guess - x).abs().max()
    while error > 1e-2 * x.max():  # guilty: loop-count or branch
        guess = (guess + x / guess) / 2
        error = (guess * guess - x).abs().max()
    return guess


def solved(x: Tensor) -> Tensor:
    guess = x * 0 + 1
    for _ in range(OUTER):
        guess = inner(guess, x)
    return guess
