"""A normalisation that walks the rows of a batch with `for row in x`.

Trace: normalise
Input: float32[3,2]
Happens: the batch size of the trace is unrolled.
"""

import torch
from torch import Tensor


def unit(row: Tensor) -> Tensor:
    return row / (row.norm() + 1e-6)


def rows_of(x: Tensor) -> list[Tensor]:
    return [unit(row) for row in x]  # guilty: loop-count


def normalise(x: Tensor) -> Tensor:
    return torch.stack(rows_of(x * 2))
