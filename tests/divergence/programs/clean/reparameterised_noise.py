"""The sampling of a variational autoencoder.

Trace: Encoder
Input: float32[2,4]
Harmless: the noise is drawn by an operator that is recorded, alike from equal seeds.
"""

import torch
from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean, self.log_variance = nn.Linear(4, 2), nn.Linear(4, 2)

    def sample(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        return mean + torch.exp(log_variance / 2) * torch.randn_like(mean)

    def forward(self, x: Tensor) -> Tensor:
        return self.sample(self.mean(x), self.log_variance(x))
