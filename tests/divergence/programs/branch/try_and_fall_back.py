"""An inverse that falls back to a regularised one where the matrix has none.

Trace: whitened
Input: float32[2,2]:-3..3
Happens: the trace has no fallback.
"""

import torch
from torch import Tensor


def is_singular(matrix: Tensor) -> Tensor:
    return torch.linalg.det(matrix).abs() < 1e-6


def inverse(matrix: Tensor) -> Tensor:
    if is_singular(matrix):  # guilty: branch
        matrix = matrix + torch.eye(2)
    return torch.linalg.inv(matrix)


def whitened(x: Tensor) -> Tensor:
    return inverse(x @ x.t())
