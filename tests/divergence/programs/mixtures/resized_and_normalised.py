"""Preprocessing of pictures: an aspect that Python computes, normalisation by constants, a flip that is off.

Trace: Preprocessing
Input: float32[1,3,4,4]:0..1
Happens: pictures are resized to the sizes that were computed for the traced one.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEAN = (0.5, 0.4, 0.3)


def target_sizes(picture: Tensor, longest: int) -> list[int]:
    rows, columns = picture.shape[-2:]
    ratio = longest / float(max(rows, columns))  # guilty: shape or branch
    return [round(float(rows) * ratio), round(float(columns) * ratio)]  # also right: shape


class Preprocessing(nn.Module):
    flip = False

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 1, 1)

    def normalised(self, picture: Tensor) -> Tensor:
        return picture - torch.tensor(MEAN).view(3, 1, 1)

    def forward(self, picture: Tensor) -> Tensor:
        if self.flip and torch.rand(()) < 0.5:
            picture = picture.flip(-1)
        small = F.interpolate(picture, size=target_sizes(picture, 8), mode="bilinear")
        return self.convolution(self.normalised(small))
