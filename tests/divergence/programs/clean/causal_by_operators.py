"""A causal mask as a triangle of the sequence's own size.

Trace: causal
Input: float32[1,3,2]
Harmless: the triangle grows with the sequence.
"""

import torch
from torch import Tensor


def hidden(length: int) -> Tensor:
    return torch.ones(length, length).tril() == 0


def causal(x: Tensor) -> Tensor:
    scores = x @ x.transpose(1, 2)
    scores = scores.masked_fill(hidden(x.size(1)), -1e4)
    return scores.softmax(dim=-1) @ x
