"""A layer that adds its own term in training only.

Trace: model
Input: float32[2,3]
Happens: traced for inference, so the trace ignores `.train()`.
"""

from torch import Tensor, nn


class Regularised(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.body(x)
        if self.training:  # guilty: mode
            y = y + 0.1 * x
        return y


model = nn.Sequential(Regularised(), nn.Tanh()).eval()
