"""Two streams that are joined in the wider of their types, found out in Python.

Trace: joined
Input: float32[3]
Input: float32[3]
Happens: the wider type was float32 while tracing.
"""

import torch
from torch import Tensor


def common(a: Tensor, b: Tensor) -> torch.dtype:
    return torch.promote_types(a.dtype, b.dtype)  # guilty: device-or-dtype


def joined(a: Tensor, b: Tensor) -> Tensor:
    wide = common(a, b)
    return torch.cat([a.to(wide), b.to(wide)]) * 2
