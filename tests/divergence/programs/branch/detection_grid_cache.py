"""A detection head that makes its grid of cells anew where the picture's size has changed.

Trace: Detect
Input: float32[1,6,2,2]
Happens: the grid was made for the tracing picture before; the trace adds the old cells to other pictures.
"""

import torch
from torch import Tensor, nn


def make_grid(columns: int, rows: int) -> Tensor:
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return torch.stack((x, y), dim=-1).float()


class Detect(nn.Module):
    def __init__(self):
        super().__init__()
        self.grid = make_grid(2, 2)

    def cells(self, x: Tensor) -> Tensor:
        rows, columns = x.shape[2], x.shape[3]
        if self.grid.shape[0] != rows or self.grid.shape[1] != columns:  # guilty: branch
            self.grid = make_grid(int(columns), int(rows))
        return self.grid

    def forward(self, x: Tensor) -> Tensor:
        boxes = x.permute(0, 2, 3, 1).sigmoid()
        return torch.cat([boxes[..., :2] + self.cells(x), boxes[..., 2:]], dim=-1)
