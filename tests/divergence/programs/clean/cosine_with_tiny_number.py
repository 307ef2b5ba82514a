"""Cosine similarity with guards against zeros that are tensors, and a maximum by `torch.maximum`.

Trace: cosine
Input: float32[2,3]
Harmless: nothing leaves the graph.
"""

import torch
from torch import Tensor

TINY = torch.tensor(1e-6)


def norm(x: Tensor) -> Tensor:
    return torch.maximum(x.norm(dim=-1, keepdim=True), TINY)


def cosine(x: Tensor) -> Tensor:
    unit = x / norm(x)
    other = unit.roll(1, dims=0)
    return (unit * other).sum(-1)
