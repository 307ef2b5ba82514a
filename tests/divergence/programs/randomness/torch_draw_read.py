"""A time mask of a spectrogram whose place is drawn by torch and read as a number.

Trace: time_masked
Input: float32[2,4]
Happens: the place is drawn once.
"""

import torch
from torch import Tensor


def place(steps: int) -> int:
    return int(torch.randint(0, steps, ()))  # guilty: randomness or constant


def time_masked(x: Tensor) -> Tensor:
    x = x.clone()
    x[:, place(4)] = 0
    return x
