"""A median that is found by sorting a list of numbers.

Trace: centred
Input: float32[5]
Happens: the median of the tracing input is subtracted for ever.
"""

from torch import Tensor


class Median:
    def of(self, values: list[float]) -> float:
        ordered = sorted(values)
        return ordered[len(ordered) // 2]


def as_numbers(x: Tensor) -> list[float]:
    return x.detach().cpu().numpy().tolist()  # guilty: constant


def centred(x: Tensor) -> Tensor:
    middle = Median().of(as_numbers(x))
    return (x - middle).abs()
