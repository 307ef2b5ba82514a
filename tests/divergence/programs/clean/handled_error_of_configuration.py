"""An optional part is looked for with `try`, and found missing every time.

Trace: Optional
Input: float32[3,2]
Harmless: what is missing is missing always.
"""

from torch import Tensor, nn


class Optional(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    def extra(self, x: Tensor) -> Tensor:
        try:
            return self.adapter(x)
        except AttributeError:
            return x

    def forward(self, x: Tensor) -> Tensor:
        return self.extra(self.dense(x)) + 1
