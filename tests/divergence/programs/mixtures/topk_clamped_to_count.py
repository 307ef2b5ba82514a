"""A detector's candidates: at most five, or as many as there are.

Trace: candidates
Input: float32[2,8]
Happens: sizes of the layer's own weights are harmless; `min` chose five while tracing.
"""

import torch
from torch import Tensor

ANCHORS = torch.linspace(0, 1, 3)


def most(scores: Tensor, limit: int) -> int:
    return min(limit, scores.shape[1])  # guilty: shape or branch


def candidates(scores: Tensor) -> Tensor:
    bias = torch.zeros(int(ANCHORS.shape[0])) + ANCHORS
    return scores.topk(most(scores, 5)).values + bias.mean()
