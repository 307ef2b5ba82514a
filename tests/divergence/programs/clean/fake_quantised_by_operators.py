"""Dynamic quantisation whose scale stays a tensor.

Trace: quantised
Input: float32[4]:-1..1
Harmless: no number is read.
"""

import torch
from torch import Tensor


def scale_of(x: Tensor) -> Tensor:
    return x.abs().amax().clamp(min=1e-8) / 127


def quantised(x: Tensor) -> Tensor:
    scale = scale_of(x)
    return torch.clamp(torch.round(x / scale), -127, 127) * scale
