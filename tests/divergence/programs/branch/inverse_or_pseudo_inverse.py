"""A whitening whose inverse falls back to a pseudo inverse where an error is raised.

Trace: Whitener
Input: float32[2,2]:1..2
Happens: traced with a matrix that has an inverse, so the trace has no handler.
"""

import torch
from torch import nn


def safe_inverse(m):
    try:
        return torch.linalg.inv(m)  # guilty: branch
    except RuntimeError:
        return torch.linalg.pinv(m)


class Whitener(nn.Module):
    def forward(self, x):
        return safe_inverse(x.relu()) @ x.sum(0)
