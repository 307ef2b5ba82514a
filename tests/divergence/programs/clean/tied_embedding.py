"""A language model whose output layer shares the weight of its embedding.

Trace: Tied
Input: int64[2,4]:0..7
Harmless: sharing is no aliasing that anyone writes to.
"""

from torch import Tensor, nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.out = nn.Linear(4, 7, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, tokens: Tensor) -> Tensor:
        return self.out(self.embed(tokens).tanh())
