"""A draw that decides about a message, and a sign that decides about the result.

Trace: signed_root
Input: float32[3]:1..2
Happens: the draw is harmless; the sign was decided by the tracing inputs.
"""

import random

import torch
from torch import Tensor

MESSAGES: list[str] = []


def report_sometimes() -> None:
    if random.random() < 0.1:
        MESSAGES.append("another call")


def root(x: Tensor) -> Tensor:
    return torch.sqrt(x) if torch.all(x >= 0) else -torch.sqrt(-x)  # guilty: branch


def signed_root(x: Tensor) -> Tensor:
    report_sometimes()
    return root(x) + 1
