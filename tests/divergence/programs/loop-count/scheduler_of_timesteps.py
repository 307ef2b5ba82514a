"""A sampler that goes through a tensor of time steps, which is an argument.

Trace: Sampler
Input: float32[1,2,2]
Input: float32[3]:0..1
Happens: the number of steps is that of tracing.
"""

from torch import Tensor, nn


class Noise(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    def forward(self, sample: Tensor, moment: Tensor) -> Tensor:
        return self.dense(sample) * moment


class Sampler(nn.Module):
    def __init__(self):
        super().__init__()
        self.noise = Noise()

    def forward(self, sample: Tensor, moments: Tensor) -> Tensor:
        for moment in moments:  # guilty: loop-count
            sample = sample - self.noise(sample, moment) * 0.3
        return sample
