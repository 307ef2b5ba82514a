"""Clipping to a percentile that numpy computes.

Trace: clipped
Input: float32[6]:0..1
Happens: the limit is that of the traced data.
"""

import numpy as np
import torch
from torch import Tensor


def limit(x: Tensor) -> float:
    values = x.numpy()  # guilty: constant
    return float(np.percentile(values, 80))


def clipped(x: Tensor) -> Tensor:
    return torch.clamp(x, max=limit(x)) * 2
