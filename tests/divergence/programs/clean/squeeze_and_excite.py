"""Channel attention.

Trace: Excite
Input: float32[2,4,3,3]
Harmless: the reduction is a number of the model, and at least one.
"""

from torch import Tensor, nn


class Excite(nn.Module):
    def __init__(self, channels: int = 4, reduction: int = 16):
        super().__init__()
        inner = max(1, channels // reduction)
        self.down, self.up = nn.Linear(channels, inner), nn.Linear(inner, channels)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.up(self.down(x.mean(dim=(2, 3))).relu()).sigmoid()
        return x * weight[:, :, None, None]
