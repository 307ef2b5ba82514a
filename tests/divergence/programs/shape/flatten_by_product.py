"""A flattening that multiplies sizes with numpy.

Trace: Flatten
Input: float32[2,3,2]
Happens: the product is a number, and other sizes do not fit it.
"""

import numpy as np
from torch import Tensor, nn


class Flatten(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        width = int(np.prod(x.shape[1:]))  # guilty: shape
        return x.reshape(-1, width).cumsum(dim=1)
