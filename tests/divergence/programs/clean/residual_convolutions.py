"""Two residual blocks, in eval mode, one with a projected shortcut.

Trace: model
Input: float32[1,2,6,6]
Harmless: whether a shortcut is projected is part of the model.
"""

from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self, given: int, made: int, stride: int):
        super().__init__()
        self.conv = nn.Conv2d(given, made, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(made)
        self.downsample = nn.Conv2d(given, made, 1, stride) if given != made or stride != 1 else None

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x
        if self.downsample is not None:
            shortcut = self.downsample(x)
        return (self.norm(self.conv(x)) + shortcut).relu()


model = nn.Sequential(Residual(2, 2, 1), Residual(2, 3, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
