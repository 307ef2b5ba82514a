"""A function that uses a cheap surrogate where no gradient is wanted.

Trace: activation
Input: float32[3]
Happens: traced with gradients on, and run without.
"""

import torch
from torch import Tensor


def exact(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.erf(x / 2**0.5))


def cheap(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.7 * x)


def wants_gradient() -> bool:
    return torch.is_grad_enabled()  # guilty: mode


def activation(x: Tensor) -> Tensor:
    return exact(x) if wants_gradient() else cheap(x)  # also right: mode
