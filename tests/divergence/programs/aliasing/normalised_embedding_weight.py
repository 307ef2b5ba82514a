"""An embedding whose rows are renormalised within `forward`, by writing to `weight.data`.

Trace: Words
Input: int64[3]:0..4
Happens: the trace looks rows up as they were before.
"""

import torch
from torch import Tensor, nn


class Renormalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.arange(1.0, 9.0).reshape(4, 2))

    def renormalise(self) -> None:
        norms = self.weight.data.norm(dim=1, keepdim=True)
        self.weight.data = self.weight.data / norms  # guilty: aliasing

    def forward(self, words: Tensor) -> Tensor:
        self.renormalise()
        return self.weight[words]


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = Renormalised()

    def forward(self, words: Tensor) -> Tensor:
        return self.embed(words).cumsum(dim=0)
