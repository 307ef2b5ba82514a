"""A detection head that makes its grid of cells for each picture.

Trace: Detect
Input: float32[1,6,2,2]
Harmless: the grid is made by operators of recorded sizes.
"""

import torch
from torch import Tensor, nn


class Detect(nn.Module):
    def cells(self, x: Tensor) -> Tensor:
        rows, columns = torch.arange(x.shape[2]), torch.arange(x.shape[3])
        y, x = torch.meshgrid(rows, columns, indexing="ij")
        return torch.stack((x, y), dim=-1).float()

    def forward(self, x: Tensor) -> Tensor:
        boxes = x.permute(0, 2, 3, 1).sigmoid()
        return torch.cat([boxes[..., :2] + self.cells(x), boxes[..., 2:]], dim=-1)
