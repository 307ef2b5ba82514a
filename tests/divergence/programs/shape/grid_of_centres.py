"""Anchors of a feature map, made by Python's `range` in nested comprehensions.

Trace: AnchorHead
Input: float32[1,2,3,3]
Happens: the centres are those of the traced map.
"""

import torch
from torch import Tensor, nn


def centres(rows: int, columns: int, stride: int) -> Tensor:
    points = [((x + 0.5) * stride, (y + 0.5) * stride) for y in range(rows) for x in range(columns)]
    return torch.tensor(points)  # also right: shape or constant


class AnchorHead(nn.Module):
    stride = 8

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(2, 2, 1)

    def forward(self, features: Tensor) -> Tensor:
        offsets = self.convolution(features).flatten(2).transpose(1, 2)
        rows, columns = (int(size) for size in features.shape[-2:])  # guilty: shape
        points = centres(rows, columns, self.stride)
        return offsets.mean(dim=1) + points.mean(dim=0)
