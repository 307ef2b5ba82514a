"""Rows that are chosen by a mask which was turned into Python's truth values.

Trace: chosen
Input: float32[4,2]
Input: bool[4]
Happens: the rows are those of the traced mask.
"""

import torch
from torch import Tensor


class Chooser:
    def __init__(self, mask: Tensor):
        flags = mask.tolist()  # guilty: constant
        self.rows = [at for at, flag in enumerate(flags) if flag]  # also right: branch or loop-count

    def choose(self, x: Tensor) -> Tensor:
        return x[self.rows]


def chosen(x: Tensor, mask: Tensor) -> Tensor:
    return torch.cat([Chooser(mask).choose(x), x.sum(dim=0, keepdim=True)])
