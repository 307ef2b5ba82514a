"""Fourier features in double precision, whose frequency is one over the length.

Trace: features
Input: float64[3]:1..2
Happens: sizes are tensors while tracing, so the quotient of the trace is in single precision.
"""

import torch
from torch import Tensor


def frequency(length: int) -> float:
    return 1.0 / length  # guilty: numeric


def features(x: Tensor) -> Tensor:
    phase = x * 1e6 * frequency(x.size(0))
    return torch.sin(phase)
