"""A pipeline that goes through numpy and back, and writes to what it got back.

Trace: standardise
Input: float32[2,3]:0..1
Happens: the tensor that came back is a constant of the trace.
"""

import torch
from torch import Tensor


def through_numpy(x: Tensor) -> Tensor:
    return torch.from_numpy(x.numpy())  # guilty: aliasing or constant


def standardise(x: Tensor) -> Tensor:
    shared = through_numpy(x)
    shared -= shared.mean()  # also right: aliasing
    return x / (shared.std() + 1)
