"""Candidates are chosen by `filter` and a function that asks a tensor.

Trace: merged
Input: float32[3,4]:0.5..1
Happens: those that passed while tracing always pass.
"""

import torch
from torch import Tensor


def is_strong(row: Tensor) -> bool:
    return bool(row.max() > 0.2)  # guilty: branch or constant


def strong_rows(rows: Tensor) -> list[Tensor]:
    return list(filter(is_strong, torch.unbind(rows)))  # also right: branch


def merged(rows: Tensor) -> Tensor:
    chosen = strong_rows(rows)
    made = rows.mean(dim=0)
    for row in chosen:
        made = torch.maximum(made, row * 2)
    return made
