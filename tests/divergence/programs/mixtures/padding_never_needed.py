"""A convolution that never pads, since its stride is one, and a clip that depends on the data.

Trace: Filter
Input: float32[1,5]:0..1
Happens: the padding's `if` is decided by the configuration; the clip's limit is a number.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def quantile(x: Tensor, part: float) -> float:
    ordered = x.flatten().sort().values
    return ordered[int(part * 4)].item()  # guilty: constant


class Filter(nn.Module):
    def __init__(self, stride: int = 1):
        super().__init__()
        self.stride = stride
        self.register_buffer("kernel", torch.tensor([[[0.25, 0.5, 0.25]]]))

    def padded(self, x: Tensor) -> Tensor:
        if self.stride > 1:
            x = F.pad(x, (0, self.stride - x.shape[-1] % self.stride))
        return x

    def forward(self, x: Tensor) -> Tensor:
        y = F.conv1d(self.padded(x).unsqueeze(1), self.kernel, stride=self.stride)
        return y.clamp(max=quantile(x, 0.5))
