"""An augmentation policy: which of several operations is applied is drawn each time.

Trace: Policy
Input: float32[1,2,3]
Happens: the operation that was drawn while tracing is in the graph.
"""

import random
from collections.abc import Callable

from torch import Tensor, nn


def brighter(x: Tensor) -> Tensor:
    return x + 0.5


def mirrored(x: Tensor) -> Tensor:
    return x.flip(-1)


def inverted(x: Tensor) -> Tensor:
    return 1 - x


OPERATIONS: list[Callable[[Tensor], Tensor]] = [brighter, mirrored, inverted]


class Policy(nn.Module):
    def __init__(self, count: int = 2):
        super().__init__()
        self.count = count

    def chosen(self) -> list[Callable[[Tensor], Tensor]]:
        return random.choices(OPERATIONS, k=self.count)  # guilty: randomness

    def forward(self, x: Tensor) -> Tensor:
        for operation in self.chosen():
            x = operation(x)
        return x
