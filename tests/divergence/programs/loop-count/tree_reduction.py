"""A reduction in pairs, as a tree network folds its leaves, by recursion.

Trace: TreeFold
Input: float32[4,2]
Happens: how deep the recursion went is kept.
"""

import torch
from torch import Tensor, nn


class TreeFold(nn.Module):
    def __init__(self):
        super().__init__()
        self.join = nn.Linear(4, 2)

    def fold(self, leaves: Tensor) -> Tensor:
        while len(leaves) > 1:  # guilty: loop-count or branch
            even = leaves[0 : len(leaves) // 2 * 2]
            pairs = even.reshape(-1, 4)
            leaves = torch.cat([torch.tanh(self.join(pairs)), leaves[even.shape[0] :]])
        return leaves[0]

    def forward(self, leaves: Tensor) -> Tensor:
        return self.fold(leaves)
