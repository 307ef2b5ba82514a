"""Statistics of which both are read as numbers, and only one gets into the result.

Trace: standardised
Input: float32[4]:0..1
Happens: the spread is read for a message only; the mean is subtracted.
"""

from torch import Tensor


class Summary:
    def __init__(self, x: Tensor):
        self.spread = float(x.std())
        self.mean = float(x.mean())  # guilty: constant
        self.text = f"spread {self.spread:.2f}"


def standardised(x: Tensor) -> Tensor:
    summary = Summary(x)
    assert summary.text
    return (x - summary.mean) * 2
