"""Optical differences: the frame before is kept in a dict of the module, by the name of a stream.

Trace: Difference
Input: float32[2,2]
Happens: the trace compares with the frame of tracing.
"""

from torch import Tensor, nn


class History:
    def __init__(self):
        self.frames: dict[str, Tensor] = {}

    def swap(self, name: str, frame: Tensor) -> Tensor:
        before = self.frames.get(name, frame)  # guilty: python-state or branch
        self.frames[name] = frame
        return before


class Difference(nn.Module):
    def __init__(self):
        super().__init__()
        self.history = History()
        self.dense = nn.Linear(2, 2)

    def forward(self, frame: Tensor) -> Tensor:
        before = self.history.swap("left", frame)
        return self.dense(frame - before) + frame
