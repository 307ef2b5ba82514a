"""A softmax that is given full precision where autocasting is on.

Trace: Softened
Input: float32[2,4]
Happens: traced without autocasting, so that under it the trace goes on in half precision.
"""

from torch import Tensor, is_autocast_enabled, nn


class Softened(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Linear(4, 4)

    def stable(self, x: Tensor) -> Tensor:
        if is_autocast_enabled("cpu"):  # guilty: mode
            return x.float() * 0.5
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.stable(self.score(x)).softmax(-1)
