"""A speech front end that stacks pairs of frames only for long recordings.

Trace: FrontEnd
Input: float32[2,6,3]
Happens: whether frames are stacked depends on the length, and is kept as it was traced.
"""

from torch import Tensor, nn


class Stacking(nn.Module):
    """Halves the number of frames and doubles their width by repeating or by pairing."""

    LONG = 10

    def forward(self, x: Tensor) -> Tensor:
        frames = x.size(1)
        is_long = frames > self.LONG
        return self.paired(x) if is_long else self.repeated(x)  # guilty: branch

    def paired(self, x: Tensor) -> Tensor:
        return x.reshape(x.size(0), -1, 6)

    def repeated(self, x: Tensor) -> Tensor:
        return x.repeat(1, 1, 2)


class FrontEnd(nn.Module):
    def __init__(self):
        super().__init__()
        self.stacking = Stacking()
        self.project = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.project(self.stacking(x))
