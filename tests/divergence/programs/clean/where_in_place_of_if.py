"""A leaky activation that decides for each element with an operator.

Trace: leaky
Input: float32[4]:1..2
Harmless: `where` decides when it runs.
"""

import torch
from torch import Tensor


def leaky(x: Tensor) -> Tensor:
    return torch.where(x > 0, x, 0.1 * x)
