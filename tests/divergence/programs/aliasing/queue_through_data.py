"""A queue of keys, as contrastive learning keeps one, that is filled through `.data`.

Trace: Contrast
Input: float32[2,3]
Happens: the graph does not fill the queue, and compares with the old keys.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Contrast(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(3, 3)
        self.register_buffer("queue", torch.ones(4, 3))

    @torch.no_grad()
    def enqueue(self, keys: Tensor) -> None:
        older = self.queue[2:].clone()
        self.queue.data[:2] = older  # also right: aliasing
        self.queue.data[2:] = keys  # guilty: aliasing

    def forward(self, x: Tensor) -> Tensor:
        keys = F.normalize(self.encoder(x), dim=1)
        self.enqueue(keys)
        return keys @ self.queue.t()
