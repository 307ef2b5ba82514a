"""A window encoder that pads its input where the length is no multiple of the window.

Trace: Windows
Input: float32[1,2,8]
Happens: traced with a length that fits, so nothing is padded and other lengths cannot be folded.
"""

import torch.nn.functional as F
from torch import Tensor, nn


def padded(x: Tensor, window: int) -> Tensor:
    missing = (window - x.shape[-1] % window) % window
    if missing:  # guilty: branch
        x = F.pad(x, (0, missing))
    return x


class Windows(nn.Module):
    def __init__(self, window: int = 4):
        super().__init__()
        self.window = window
        self.mix = nn.Linear(window, window)

    def forward(self, x: Tensor) -> Tensor:
        x = padded(x, self.window)
        return self.mix(x.unflatten(-1, (-1, self.window))).mean(dim=2)
