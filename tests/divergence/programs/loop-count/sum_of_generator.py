"""Exponentially weighted rows, summed by `sum` over a generator expression.

Trace: smoothed
Input: float32[3,3]
Happens: as many terms as there were rows while tracing.
"""

from torch import Tensor

DECAY = 0.5


def weighted(rows: Tensor) -> Tensor:
    return sum(rows[at] * DECAY**at for at in range(len(rows)))  # guilty: loop-count


def smoothed(rows: Tensor) -> Tensor:
    total = weighted(rows)
    return rows - total
