"""A causal mask that is built with numpy from the length of the sequence.

Trace: CausalAttention
Input: float32[1,3,2]
Happens: the mask of three steps is a constant of the trace.
"""

import numpy as np
import torch
from torch import Tensor, nn


def causal(length: int) -> Tensor:
    return torch.from_numpy(np.triu(np.ones((length, length)), k=1).astype(bool))  # guilty: shape or constant


class CausalAttention(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        scores = x @ x.transpose(1, 2)
        mask = causal(x.shape[1])  # also right: shape
        return scores.masked_fill(mask, -1e4).softmax(dim=-1) @ x
