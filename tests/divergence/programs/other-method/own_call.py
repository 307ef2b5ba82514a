"""A model that normalises its input in `__call__`, before `forward`.

Trace: Model
Input: float32[2,3]
Happens: a script has `forward` only.
"""

from torch import Tensor, nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 2)

    def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
        return super().__call__((x - 1) / 2)  # guilty: other-method

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)
