"""A beam search with a stop by all beams, a length penalty of configuration and a table that is kept.

Trace: Search
Input: float32[1,5]:0..1
Input: int64[1]:1..2
Happens: how many steps the traced search made is unrolled.
"""

from functools import cache

import torch
from torch import Tensor, nn

END = 0


@cache
def penalty(step: int) -> float:
    return 1.0 / (step + 1) ** 0.5


class Search(nn.Module):
    width, depth = 2, 4

    def __init__(self):
        super().__init__()
        self.register_buffer("moves", torch.tensor([[4.0, 0, 0, 0, 0], [5, 0, 0, 0, 0], [0, 0, 6, 0, 0],
                                                     [5, 0, 0, 0, 1], [0, 0, 0, 7, 0]]))  # fmt: skip

    def all_ended(self, tokens: Tensor) -> bool:
        return bool((tokens == END).all())  # also right: branch or constant

    def forward(self, logits: Tensor, start: Tensor) -> Tensor:
        scores = logits + self.moves[start]
        for step in range(self.depth):
            tokens = scores.argmax(dim=-1, keepdim=True)
            scores = scores + self.moves[tokens[:, 0]] * penalty(step)
            if self.all_ended(tokens):  # guilty: branch
                break
        return scores
