"""Values carried in tuples from one function to the next: what inline and lower-all-tuples are for."""

from typing import Tuple

import torch
from torch import Tensor, nn


def polar(x: Tensor, y: Tensor) -> Tuple[Tensor, Tensor]:
    """Radius and angle of points."""
    return torch.hypot(x, y), torch.atan2(y, x)


def cartesian(point: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
    """The coordinates of a radius and an angle."""
    radius, angle = point
    return radius * torch.cos(angle), radius * torch.sin(angle)


class Turn(nn.Module):
    """Turns points about the origin: float32[N], float32[N] and radians -> float32[2,N]."""

    def forward(self, x: Tensor, y: Tensor, radians: float) -> Tensor:
        radius, angle = polar(x, y)
        turned = cartesian((radius, angle + radians))
        return torch.stack([turned[0], turned[1]])
