"""A callable table of kernels: an object that is called through `__call__`, with `forward` beside it.

Trace: Model
Input: float32[3]
Happens: eager goes through the wrapper's `__call__`, which the script leaves out.
"""

from torch import Tensor, nn


class Checkpointed(nn.Sequential):
    """Runs its layers twice, as a poor man's recurrence."""

    def __call__(self, x: Tensor) -> Tensor:  # also right: other-method
        first = super().__call__(x)
        return super().__call__(first)  # guilty: other-method


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Checkpointed(nn.Linear(3, 3), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)  # also right: other-method
