"""A forward hook that changes the result of a layer, and another that only looks.

Trace: Hooked
Input: float32[3,2]
Harmless: hooks run while tracing as they always do.
"""

from torch import Tensor, nn

SEEN: list[int] = []


def scaled(module: nn.Linear, given: tuple[Tensor], result: Tensor) -> Tensor:
    return result * 2


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)
        self.dense.register_forward_hook(scaled)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(x) + x
