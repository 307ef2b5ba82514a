"""A stack that halves as often as its configured stride asks for.

Trace: Downsample
Input: float32[1,1,8]
Harmless: the `while` counts a number of the model down.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Downsample(nn.Module):
    def __init__(self, stride: int = 4):
        super().__init__()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        left = self.stride
        while left > 1:
            x = F.avg_pool1d(x, 2)
            left //= 2
        return x
