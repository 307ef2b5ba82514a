"""A classifier that abstains where the best two classes are too close, with an assignment expression.

Trace: Abstaining
Input: float32[2,4]:0..1
Happens: the tracing inputs were decided clearly, so the trace never abstains.
"""

import torch
from torch import Tensor, nn


class Abstaining(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(4, 3)
        with torch.no_grad():
            self.dense.weight.copy_(torch.tensor([[9.0], [-5.0], [2.0]]).expand(3, 4))
            self.dense.bias.zero_()

    @staticmethod
    def margin(logits: Tensor) -> Tensor:
        best = logits.softmax(dim=-1).topk(2, dim=-1).values
        return (best[:, 0] - best[:, 1]).min()

    def decide(self, logits: Tensor) -> Tensor:
        if (margin := self.margin(logits)) < 0.5:  # guilty: branch
            return torch.zeros_like(logits) + margin
        return logits

    def forward(self, x: Tensor) -> Tensor:
        logits = self.dense(x)
        return self.decide(logits).log_softmax(dim=-1)
