"""An activation that is looked up in a dict by a truth value read out of a tensor.

Trace: activate
Input: float32[3]:1..2
Happens: the key was read once, so the other activation is never used.
"""

import torch
from torch import Tensor

ARMS = {True: torch.tanh, False: torch.exp}


def is_positive(x: Tensor) -> bool:
    return bool(x.sum() > 0)  # guilty: branch or constant


def activate(x: Tensor) -> Tensor:
    return ARMS[is_positive(x)](x) * 2  # also right: branch
