"""A conditional random field's Viterbi scores over the words of a sentence.

Trace: Field
Input: float32[4,3]
Happens: the recursion over words was unrolled.
"""

import torch
from torch import Tensor, nn


class Transitions(nn.Module):
    def __init__(self, tags: int):
        super().__init__()
        self.scores = nn.Parameter(torch.linspace(-1, 1, tags * tags).reshape(tags, tags))

    def follow(self, before: Tensor, emission: Tensor) -> Tensor:
        return (before.unsqueeze(1) + self.scores).amax(dim=0) + emission


class Field(nn.Module):
    def __init__(self):
        super().__init__()
        self.transitions = Transitions(3)

    def best(self, emissions: Tensor) -> Tensor:
        first, *others = emissions  # guilty: loop-count or shape
        for emission in others:  # also right: loop-count
            first = self.transitions.follow(first, emission)
        return first

    def forward(self, emissions: Tensor) -> Tensor:
        return self.best(emissions)
