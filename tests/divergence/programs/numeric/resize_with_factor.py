"""A picture that is scaled by a factor, its size rounded down by the library.

Trace: Thumbnail
Input: float32[1,1,50]
Happens: eager computes the size in double precision, the trace in single, and for 100 that is one more.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Resize(nn.Module):
    def __init__(self, factor: float):
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=self.factor, recompute_scale_factor=True)  # guilty: numeric


class Thumbnail(nn.Module):
    def __init__(self):
        super().__init__()
        self.resize = Resize(0.29)

    def forward(self, x: Tensor) -> Tensor:
        return self.resize(x) * 2
