"""A sampler that varies its temperature with `random.uniform`, besides drawing with torch.

Trace: sample
Input: float32[2,3]
Happens: torch's own noise is drawn alike on both sides; the temperature is not.
"""

import random

import torch
from torch import Tensor


def gumbel(x: Tensor) -> Tensor:
    return -torch.log(-torch.log(torch.rand_like(x) + 1e-9))


def temperature() -> float:
    return random.uniform(0.5, 2.0)  # guilty: randomness


def sample(logits: Tensor) -> Tensor:
    return ((logits + gumbel(logits)) / temperature()).softmax(dim=-1)
