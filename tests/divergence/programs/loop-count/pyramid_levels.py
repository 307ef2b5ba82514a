"""An image pyramid that halves the picture until it is small.

Trace: pyramid
Input: float32[1,1,8,8]
Happens: the number of levels is that of the traced size.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SMALLEST = 2


def halved(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, 2)


def levels(x: Tensor) -> list[Tensor]:
    found = [x.mean(dim=(2, 3))]
    while x.shape[-1] > SMALLEST:  # guilty: loop-count or branch
        x = halved(x)
        found.append(x.amax(dim=(2, 3)))
    return found


def pyramid(x: Tensor) -> Tensor:
    return torch.stack(levels(x)).sum(dim=0)
