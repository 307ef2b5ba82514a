"""A resampler that gives back the type of its input.

Trace: resample
Input: int32[4]:0..9
Happens: floating samples are truncated, since the trace casts to int32.
"""

import torch
from torch import Tensor


def between(samples: Tensor) -> Tensor:
    wide = samples.to(torch.float64)
    return (wide[1:] + wide[:-1]) / 2


def resample(samples: Tensor) -> Tensor:
    middle = between(samples)
    return middle.to(samples.dtype)  # guilty: device-or-dtype
