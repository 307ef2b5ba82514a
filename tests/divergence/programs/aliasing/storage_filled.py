"""A scratch pad that is cleared through its storage.

Trace: gathered
Input: float32[2,2]:0..1
Happens: writes to a storage are no operators, so the trace adds to what was there.
"""

import torch
from torch import Tensor


class Scratch:
    def __init__(self, like: Tensor):
        self.rows = like.clone()

    def clear(self) -> None:
        storage = self.rows.untyped_storage()  # also right: aliasing
        storage.fill_(0)  # guilty: aliasing


def gathered(x: Tensor) -> Tensor:
    scratch = Scratch(x)
    scratch.clear()
    return scratch.rows.index_add(0, torch.tensor([1, 1]), x)
