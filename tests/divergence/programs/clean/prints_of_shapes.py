"""A layer that tells what goes through it.

Trace: Chatty
Input: float32[2,4]
Harmless: what is printed goes into no result.
"""

import io

from torch import Tensor, nn


class Chatty(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 2)
        self.told = io.StringIO()

    def tell(self, what: str, x: Tensor) -> None:
        print(f"{what}: {tuple(x.shape)}, mean {x.mean().item():.3f}", file=self.told)

    def forward(self, x: Tensor) -> Tensor:
        self.tell("before", x)
        y = self.dense(x)
        self.tell("after", y)
        return y
