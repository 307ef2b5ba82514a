"""Windows of a shifted-window transformer: rows and columns counted in Python.

Trace: Partition
Input: float32[1,4,4,1]
Happens: the number of windows is a constant, so windows of a wider picture are mixed up.
"""

from torch import Tensor, nn

SIDE = 2


class Grid:
    """How many windows a picture has in each direction."""

    def __init__(self, height: int, width: int):
        self.rows = int(height) // SIDE  # also right: shape
        self.columns = int(width) // SIDE  # guilty: shape


class Partition(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        grid = Grid(x.shape[1], x.shape[2])
        windows = x.reshape(-1, grid.rows, SIDE, grid.columns, SIDE, 1)
        return windows.transpose(2, 3).reshape(-1, SIDE * SIDE).softmax(dim=-1)
