"""Two uses of `any`: over configured names, and over the data.

Trace: Pipeline
Input: float32[3]:1..2
Happens: only the second depends on what comes in.
"""

from torch import Tensor, nn


class Pipeline(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = ["scale", "shift"]
        self.calls = 0

    def shifted(self, x: Tensor) -> Tensor:
        while bool((x < 0).any()):  # guilty: loop-count or branch
            x = x + 1
        return x

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        assert x.is_floating_point() or self.calls
        if any(step == "scale" for step in self.steps):
            x = x * 2
        return self.shifted(x)
