"""A detector that centres boxes around the mean, which it builds anew with `torch.tensor`.

Trace: relative
Input: float32[3,2]:0..1
Happens: `torch.tensor` of a list of tensors makes a constant.
"""

import torch
from torch import Tensor


def fresh(x: Tensor) -> Tensor:
    center = x.mean(dim=0)
    return torch.tensor([center[0], center[1]])  # guilty: constant


def relative(boxes: Tensor) -> Tensor:
    return boxes - fresh(boxes)
