"""A function that complains about long sequences, and goes on.

Trace: smoothed
Input: float32[2,4]
Harmless: the arm of the `if` only talks.
"""

import logging

from torch import Tensor

LONGEST = 8


def complain(x: Tensor) -> None:
    if x.shape[1] > LONGEST:
        logging.getLogger(__name__).info("the sequence is long")


def smoothed(x: Tensor) -> Tensor:
    complain(x)
    return (x + x.roll(1, dims=1)) / 2
