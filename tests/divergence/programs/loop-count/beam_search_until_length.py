"""A beam search whose number of steps is read out of a tensor.

Trace: BeamSearch
Input: float32[2,3]
Input: int64[]:2..3
Happens: the number of steps stays what it was when it was traced.
"""

import torch
from torch import Tensor, nn


class Beams:
    """The scores of the beams, and how they grow by one token."""

    def __init__(self, scores: Tensor, width: int):
        self.scores, self.width = scores, width

    def grow(self, logits: Tensor) -> None:
        joined = (self.scores.unsqueeze(2) + logits.unsqueeze(1)).flatten(1)
        self.scores = joined.topk(self.width, dim=1).values


class BeamSearch(nn.Module):
    def __init__(self):
        super().__init__()
        self.next = nn.Linear(3, 3)

    def search(self, memory: Tensor, steps: Tensor) -> Tensor:
        beams = Beams(torch.zeros(memory.size(0), 2), 2)
        for _ in range(int(steps)):  # guilty: loop-count or constant
            memory = self.next(memory).tanh()
            beams.grow(memory.log_softmax(dim=1))
        return beams.scores

    def forward(self, memory: Tensor, steps: Tensor) -> Tensor:
        return self.search(memory, steps)
