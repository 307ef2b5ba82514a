"""A function that logs one call in ten.

Trace: squashed
Input: float32[3]
Harmless: the draw decides about the log only.
"""

import random

from torch import Tensor

LOG: list[str] = []


def log_sometimes(text: str) -> None:
    if random.random() < 0.1:
        LOG.append(text)


def squashed(x: Tensor) -> Tensor:
    log_sometimes("called")
    return x / (1 + x.abs())
