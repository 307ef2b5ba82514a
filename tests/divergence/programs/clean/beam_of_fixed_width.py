"""Beam search of fixed width and depth, all by operators.

Trace: Beam
Input: float32[1,5]
Harmless: the loops are over configuration.
"""

import torch
from torch import Tensor, nn


class Beam(nn.Module):
    width, depth = 2, 3

    def __init__(self):
        super().__init__()
        self.transition = nn.Parameter(torch.linspace(-1, 1, 25).view(5, 5))

    def expand(self, scores: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        every = scores.unsqueeze(-1) + self.transition[tokens].log_softmax(-1)
        best, places = every.flatten(1).topk(self.width, dim=-1)
        return best, places % 5

    def forward(self, logits: Tensor) -> Tensor:
        scores, tokens = logits.log_softmax(-1).topk(self.width, dim=-1)
        for _ in range(self.depth):
            scores, tokens = self.expand(scores, tokens)
        return scores
