"""A video cleaner that refines a frame again and again until hardly anything changes, at most three times.

Trace: Restorer
Input: float32[1,3,4,4]:0..0.01
Happens: the tracing frame was clean after one pass, so no other frame gets a second one.
"""

import torch
from torch import Tensor, nn


class CleaningBlock(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, frames: Tensor) -> Tensor:
        return self.second(torch.relu(self.first(frames))) * 0.1


class Restorer(nn.Module):
    threshold = 0.05

    def __init__(self):
        super().__init__()
        self.cleaning = CleaningBlock(3)
        self.head = nn.Conv2d(3, 2, 1)
        with torch.no_grad():
            for layer in (self.cleaning.first, self.cleaning.second):
                layer.weight.fill_(0.15)
                layer.bias.zero_()

    def cleaned(self, frames: Tensor) -> Tensor:
        for _ in range(3):
            residues = self.cleaning(frames)
            frames = frames + residues
            if residues.abs().mean() < self.threshold:  # guilty: branch
                break
        return frames

    def forward(self, frames: Tensor) -> Tensor:
        return self.head(self.cleaned(frames))
