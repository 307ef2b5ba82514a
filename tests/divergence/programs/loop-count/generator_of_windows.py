"""Sliding windows over a recording, made by a generator that walks until the end.

Trace: WindowEncoder
Input: float32[1,6,2]
Happens: as many windows as the tracing recording had are encoded.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn


def windows(x: Tensor, size: int, hop: int) -> Iterator[Tensor]:
    start = 0
    while start + size <= x.shape[1]:  # guilty: loop-count or branch
        yield x[:, start : start + size]
        start += hop


class WindowEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        made = [self.dense(window.flatten(1)) for window in windows(x, 4, 2)]  # also right: loop-count
        return torch.stack(made).mean(dim=0)
