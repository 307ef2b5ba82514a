"""Detections of several scales, of which none may be left, asked with `any` over a generator.

Trace: gather
Input: [float32[2]:1..2, float32[2]:1..2]
Happens: what `any` found while tracing is kept.
"""

import torch
from torch import Tensor


def has_any(scores: list[Tensor]) -> bool:
    return any(score.max() > 0 for score in scores)  # guilty: branch


def gather(scores: list[Tensor]) -> Tensor:
    joined = torch.cat(scores)
    if not has_any(scores):  # also right: branch
        return joined * 0
    return joined
