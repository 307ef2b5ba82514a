"""A causal bias that is cut to the numbers of queries and keys.

Trace: CausalBias
Input: float32[1,1,2,4]
Harmless: differences of recorded sizes are recorded.
"""

import torch
from torch import Tensor, nn


class CausalBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("bias", torch.tril(torch.ones(8, 8, dtype=torch.bool)))

    def forward(self, scores: Tensor) -> Tensor:
        queries, keys = scores.size(-2), scores.size(-1)
        allowed = self.bias[keys - queries : keys, :keys]
        return scores.masked_fill(~allowed, -1e4).softmax(dim=-1)
