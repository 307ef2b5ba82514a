"""A random projection that is the same in each call, since the seed is set before it is drawn.

Trace: projected
Input: float32[3]
Happens: no trace sets a seed, so its projection is another one in each call.
"""

import torch
from torch import Tensor


def projection(rows: int, columns: int) -> Tensor:
    torch.manual_seed(1234)  # guilty: randomness
    return torch.randn(rows, columns)  # also right: randomness


def projected(x: Tensor) -> Tensor:
    return projection(2, 3) @ x
