"""A running list of results in a mutable default argument.

Trace: running_mean
Input: float32[2]
Happens: eager averages all calls, the trace only its own.
"""

import torch
from torch import Tensor


def remember(x: Tensor, seen: list[Tensor] = []) -> Tensor:  # noqa: B006  # the mistake that is shown
    seen.append(x.detach().exp())  # also right: python-state
    return torch.stack(seen).sum(dim=0)  # guilty: python-state


def running_mean(x: Tensor) -> Tensor:
    return remember(x) + x
