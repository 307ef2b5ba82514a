"""A diffusion step: noise from torch, which both sides draw alike, at a level that Python draws.

Trace: noised
Input: float32[3]
Happens: only the level is frozen.
"""

import random

import torch
from torch import Tensor

LEVELS = [0.1, 0.4, 0.9]


def level() -> float:
    return random.choice(LEVELS)  # guilty: randomness


def noised(x: Tensor) -> Tensor:
    noise = torch.randn_like(x)
    sigma = level()
    return x * (1 - sigma) + noise * sigma
