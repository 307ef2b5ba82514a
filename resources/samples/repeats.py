"""The same thing computed twice and a thing nobody reads: what cse and dce are for."""

import torch
from torch import Tensor


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Cosine distances of rows: float32[N,D] and float32[N,D] -> float32[N]."""
    product = (a * b).sum(1)
    length_a = torch.sqrt((a * a).sum(1))
    length_b = torch.sqrt((b * b).sum(1))
    largest = torch.max(length_a, length_b)
    cosine = (a * b).sum(1) / (torch.sqrt((a * a).sum(1)) * torch.sqrt((b * b).sum(1)))
    return 1.0 - (cosine + product / (length_a * length_b)) / 2.0
