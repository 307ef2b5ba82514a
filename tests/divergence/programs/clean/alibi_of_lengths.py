"""Attention with linear biases that ranges of the recorded length make.

Trace: attend
Input: float32[1,2,4,3]
Harmless: the length stays a tensor.
"""

import torch
from torch import Tensor

SLOPES = torch.tensor([0.5, 0.25]).view(1, 2, 1, 1)


def bias(length: int) -> Tensor:
    positions = torch.arange(length)
    return -(positions.unsqueeze(0) - positions.unsqueeze(1)).abs()


def attend(x: Tensor) -> Tensor:
    scores = x @ x.transpose(-1, -2) / 3**0.5
    scores = scores + SLOPES * bias(x.size(2))
    hidden = torch.ones_like(scores[0, 0], dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, float("-inf")).softmax(-1) @ x
