"""Patches of a picture with a class token in front, as in a vision transformer.

Trace: Patches
Input: float32[2,1,4,6]
Harmless: the token is expanded to the batch by its recorded size.
"""

import torch
from torch import Tensor, nn


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Conv2d(1, 3, 2, 2)
        self.token = nn.Parameter(torch.zeros(1, 1, 3))

    def forward(self, image: Tensor) -> Tensor:
        patches = self.project(image).flatten(2).transpose(1, 2)
        token = self.token.expand(image.shape[0], -1, -1)
        return torch.cat([token, patches], dim=1)
