"""A curriculum that looks at more of the sequence after some calls.

Trace: Curriculum
Input: float32[4]
Happens: the trace is from the first stage, which ends after two calls.
"""

from torch import Tensor, nn


class Stages:
    def __init__(self):
        self.seen = 0

    def reach(self) -> int:
        self.seen += 1  # also right: python-state
        return 2 if self.seen <= 2 else 4  # guilty: python-state or branch


class Curriculum(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = Stages()

    def forward(self, x: Tensor) -> Tensor:
        return x[: self.stages.reach()].cumsum(dim=0).sum() + x
