"""Statistics in a dict, as a data loader gives them, used by a normaliser.

Trace: Normalise
Input: float32[5]:0..1
Happens: mean and deviation of the traced batch.
"""

from torch import Tensor, nn


class Statistics(dict):
    def measure(self, x: Tensor) -> "Statistics":
        self["mean"], self["deviation"] = map(float, (x.mean(), x.std()))  # guilty: constant
        return self


class Normalise(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        found = Statistics().measure(x)
        return (x - found["mean"]) / found["deviation"]
