"""Hard example mining: the worst half of the losses, counted in Python.

Trace: hard_examples
Input: float32[4]
Happens: k is a constant of the trace.
"""

from torch import Tensor

FRACTION = 0.5


def how_many(losses: Tensor) -> int:
    return max(1, int(FRACTION * losses.numel()))  # guilty: shape


def hard_examples(losses: Tensor) -> Tensor:
    worst = losses.topk(how_many(losses)).values
    return worst.mean()
