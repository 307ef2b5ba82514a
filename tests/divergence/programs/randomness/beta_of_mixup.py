"""Mixup: a batch that is mixed with itself in an order that torch draws, by a share that numpy draws.

Trace: mixed
Input: float32[4,2]
Happens: the share is a constant; the order is drawn alike.
"""

import numpy as np
import torch
from torch import Tensor


def share(alpha: float) -> float:
    return float(np.random.beta(alpha, alpha))  # guilty: randomness


def mixed(x: Tensor) -> Tensor:
    part = share(0.4)
    return part * x + (1 - part) * x[torch.randperm(4)]
