"""A count kept in Python: a new layer is faded in over its first calls. A trace repeats the call it saw.

Trace `WarmUp` with anything, float32[2,3], and call it twice in a row.
"""

from torch import Tensor, nn


class WarmUp(nn.Module):
    """Adds a layer's output with a weight that grows from call to call: float32[N,3] -> float32[N,3]."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.calls = 0

    def weight(self) -> float:
        self.calls += 1
        return min(1.0, self.calls / 10)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layer(x) * self.weight()
