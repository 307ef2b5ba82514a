"""A loop over configured sizes that stops where the configuration says.

Trace: Bands
Input: float32[2,4]
Harmless: `break` is decided by numbers of the model.
"""

import torch
from torch import Tensor, nn


class Bands(nn.Module):
    def __init__(self):
        super().__init__()
        self.edges, self.limit = [0, 1, 3, 4, 9], 4

    def forward(self, x: Tensor) -> Tensor:
        parts = []
        for low, high in zip(self.edges, self.edges[1:]):
            if high > self.limit:
                break
            parts.append(x[:, low:high].mean(dim=1))
        return torch.stack(parts, dim=1)
