"""Features are zoomed to the sizes of those that they are added to.

Trace: Pyramid
Input: float32[1,2,4,4]
Harmless: the sizes are recorded.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Pyramid(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(2, 2, 3, stride=2, padding=1)
        self.side = nn.Conv2d(2, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        small = self.down(x)
        large = F.interpolate(small, size=x.shape[-2:], mode="nearest")
        return large + self.side(x)
