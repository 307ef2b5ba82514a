"""A decoder that doubles its picture.

Trace: Decoder
Input: float32[1,1,3,3]
Harmless: the factor is a number of the model.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
