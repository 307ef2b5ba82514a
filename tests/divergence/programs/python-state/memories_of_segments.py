"""A transformer over segments that attends to what it kept of the segment before.

Trace: Segments
Input: float32[1,2,3]
Happens: the trace was made without memories, and never uses any.
"""

import torch
from torch import Tensor, nn


class Memories:
    def __init__(self):
        self.kept = []

    def joined(self, x: Tensor) -> Tensor:
        whole = torch.cat([*self.kept, x], dim=1)  # guilty: python-state
        self.kept = [x.detach()]  # also right: python-state
        return whole


class Segments(nn.Module):
    def __init__(self):
        super().__init__()
        self.memories = Memories()
        self.query = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        whole = self.memories.joined(x)
        return (self.query(x) @ whole.transpose(1, 2)).softmax(dim=-1) @ whole
