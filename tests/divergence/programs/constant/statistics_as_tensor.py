"""Normalisation with statistics that go through Python on their way into a tensor.

Trace: Normalise
Input: float32[2,4]
Happens: mean and deviation of the tracing input are a constant tensor.
"""

import torch
from torch import Tensor, nn


class Normalise(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(4))

    def statistics(self, x: Tensor) -> Tensor:
        mean = float(x.mean())  # guilty: constant
        spread = float(x.std())  # also right: constant
        return torch.tensor([mean, spread + 1e-5])  # also right: constant

    def forward(self, x: Tensor) -> Tensor:
        mean, spread = self.statistics(x).unbind(0)
        return (x - mean) / spread * self.gain
