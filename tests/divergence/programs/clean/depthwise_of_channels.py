"""A depthwise filter whose number of groups is that of its kernel.

Trace: Depthwise
Input: float32[2,2,6]
Harmless: the size is a parameter's.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("kernel", torch.tensor([[[0.5, 0.5]], [[1.0, -1.0]]]))

    def forward(self, x: Tensor) -> Tensor:
        groups = int(self.kernel.size(0))
        return F.conv1d(x, self.kernel, groups=groups)
