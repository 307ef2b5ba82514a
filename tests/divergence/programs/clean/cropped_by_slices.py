"""Slices with negative ends and sizes of the input, and a residual that is cropped to fit.

Trace: Residual
Input: float32[1,2,7]
Harmless: sizes that stay tensors are recorded.
"""

from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(2, 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        made = self.convolution(x)
        offset = (x.size(-1) - made.size(-1)) // 2
        return made + x[..., offset : offset + made.size(-1)] + x[..., 1:-1]
