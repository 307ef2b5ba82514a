"""A reduction that is chosen by an enum of the configuration.

Trace: Pool
Input: float32[2,4]
Harmless: the choice is made when the model is.
"""

from enum import Enum

from torch import Tensor, nn


class Reduction(Enum):
    MEAN = "mean"
    MAX = "max"


class Pool(nn.Module):
    def __init__(self, reduction: Reduction = Reduction.MAX):
        super().__init__()
        self.reduction = reduction

    def forward(self, x: Tensor) -> Tensor:
        if self.reduction == Reduction.MEAN:
            return x.mean(dim=1)
        if self.reduction == Reduction.MAX:
            return x.amax(dim=1)
        raise NotImplementedError(self.reduction)
