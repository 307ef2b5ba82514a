"""A Haar transform by recursion over halves.

Trace: haar
Input: float32[4]
Happens: the depth of the recursion is that of the traced length.
"""

import torch
from torch import Tensor


def split(x: Tensor) -> tuple[Tensor, Tensor]:
    pairs = x.reshape(-1, 2)
    return pairs.mean(dim=1), pairs[:, 0] - pairs[:, 1]


def haar(x: Tensor) -> Tensor:
    if x.shape[0] == 1:  # guilty: branch or loop-count
        return x
    low, high = split(x)
    return torch.cat([haar(low), high])
