"""A video filter that blends each frame with what it gave for the one before.

Trace: Temporal
Input: float32[1,1,2]
Happens: the frame before is always the (empty) one of the trace.
"""

import torch
from torch import Tensor, nn


class History:
    """Results by the name of the stream."""

    def __init__(self):
        self.last = {}

    def blend(self, name: str, frame: Tensor) -> Tensor:
        before = self.last.get(name, torch.zeros(1, 1, 2))  # guilty: python-state
        self.last[name] = (frame + before) / 2  # also right: python-state
        return self.last[name]  # also right: python-state


class Temporal(nn.Module):
    def __init__(self):
        super().__init__()
        self.history = History()

    def forward(self, frame: Tensor) -> Tensor:
        return self.history.blend("left", frame + 1)
