"""A deep classifier with an exit after each block, taken where the entropy of its logits is low.

Trace: Cascade
Input: float32[1,4]:4..5
Happens: the tracing input left after the first block.
"""

import torch
from torch import Tensor, nn


def entropy(logits: Tensor) -> Tensor:
    weights = logits.softmax(dim=-1)
    return -(weights * weights.clamp(min=1e-8).log()).sum(-1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 4), nn.Tanh())
        self.exit = nn.Linear(4, 3)
        with torch.no_grad():
            self.body[0].weight.copy_(torch.eye(4))
            self.body[0].bias.zero_()
            self.exit.weight.copy_(torch.tensor([[2.0], [-2.0], [0.5]]).expand(3, 4))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.body(x)
        return hidden, self.exit(hidden)


class Cascade(nn.Module):
    def __init__(self, limit: float = 0.3):
        super().__init__()
        self.blocks = nn.ModuleList(Block() for _ in range(3))
        self.limit = limit

    def is_sure(self, logits: Tensor) -> Tensor:
        return entropy(logits).max() < self.limit

    def forward(self, x: Tensor) -> Tensor:
        logits = x
        for number, block in enumerate(self.blocks):
            x, logits = block(x)
            if number + 1 < len(self.blocks) and self.is_sure(logits):  # guilty: branch
                return logits
        return logits * 2
