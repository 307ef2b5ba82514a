"""An embedding whose rows are kept within a norm by the library.

Trace: Words
Input: int64[2,3]:0..6
Happens: a script looks rows up without shortening them first.
"""

import torch
from torch import Tensor, nn


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(6, 3, max_norm=1.0)
        with torch.no_grad():
            self.embed.weight.copy_(torch.arange(1.0, 19.0).reshape(6, 3))

    def rows(self, words: Tensor) -> Tensor:
        return self.embed(words)  # guilty: semantics

    def forward(self, words: Tensor) -> Tensor:
        return self.rows(words).sum(dim=1)
