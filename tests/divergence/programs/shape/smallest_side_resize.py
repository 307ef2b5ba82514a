"""A detector's transform that scales the shorter side of a picture to a fixed number of pixels.

Trace: Transform
Input: float32[1,1,4,4]
Happens: the target size was computed in Python from the sides of the traced picture.
"""

import torch.nn.functional as F
from torch import Tensor, nn

SHORTEST = 8


def scaled_sides(sides: list[int], shortest: int) -> list[int]:
    factor = shortest / min(sides)
    return [int(side * factor) for side in sides]


class Transform(nn.Module):
    def sides(self, image: Tensor) -> list[int]:
        return [int(side) for side in image.shape[-2:]]  # guilty: shape

    def forward(self, image: Tensor) -> Tensor:
        size = scaled_sides(self.sides(image), SHORTEST)
        return F.interpolate(image, size=size, mode="bilinear", align_corners=False)
