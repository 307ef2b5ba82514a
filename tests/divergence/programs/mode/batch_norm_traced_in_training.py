"""A convolution block whose batch norm was traced in train mode.

Trace: Net
Input: float32[4,2,3]:5..9
Happens: the trace normalises with the batch's own statistics in inference.
"""

from torch import Tensor, nn


class ConvBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 2, 1)
        self.norm = nn.BatchNorm1d(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = self.norm(x)  # guilty: mode
        return x.relu()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = ConvBlock()

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x).mean(dim=-1)
