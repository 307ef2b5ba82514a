"""A spatial transformer that samples a picture where an affine map says.

Trace: transformed
Input: float32[2,1,4,4]
Input: float32[2,2,3]
Harmless: the size of the grid is the recorded size of the picture.
"""

import torch.nn.functional as F
from torch import Tensor


def transformed(image: Tensor, theta: Tensor) -> Tensor:
    batch, channels, height, width = image.shape
    grid = F.affine_grid(theta, [batch, channels, height, width], align_corners=False)
    return F.grid_sample(image, grid, align_corners=False)
