"""A covariance whose factor falls back to a jittered one where it is not positive.

Trace: Whiten
Input: float32[2,2]:0..0.1
Happens: traced where no jitter was needed, so the trace gives NaN where eager repairs the matrix.
"""

import torch
from torch import Tensor, nn


class Factor:
    """A Cholesky factor that is checked."""

    def __init__(self, jitter: float):
        self.jitter = jitter

    def of(self, matrix: Tensor) -> Tensor:
        factor, failed = torch.linalg.cholesky_ex(matrix)
        while int(failed) != 0:  # guilty: branch or loop-count
            matrix = matrix + self.jitter * torch.eye(2)
            factor, failed = torch.linalg.cholesky_ex(matrix)
        return factor


class Whiten(nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = Factor(4.0)

    def forward(self, x: Tensor) -> Tensor:
        symmetric = (x + x.t()) / 2 + torch.eye(2)
        return self.factor.of(symmetric) @ x
