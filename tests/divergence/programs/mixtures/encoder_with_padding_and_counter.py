"""An encoder that pads to a multiple of four, counts its calls for a message, and has dropout in eval mode.

Trace: Encoder
Input: float32[2,3,2]
Happens: counter and dropout are harmless; how much is padded is a number of the traced length.
"""

import torch.nn.functional as F
from torch import Tensor, nn


def missing(length: int, multiple: int) -> int:
    return (multiple - length % multiple) % multiple


class Encoder(nn.Module):
    calls = 0

    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.3)
        self.pool = nn.AvgPool1d(4)
        self.eval()

    def padded(self, x: Tensor) -> Tensor:
        length = int(x.shape[1])  # guilty: shape
        return F.pad(x, (0, 0, 0, missing(length, 4)))

    def forward(self, x: Tensor) -> Tensor:
        Encoder.calls += 1
        if Encoder.calls == 1000:
            print("a thousand calls")
        return self.pool(self.drop(self.padded(x)).transpose(1, 2))
