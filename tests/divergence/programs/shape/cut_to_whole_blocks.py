"""A signal that is cut to a whole number of blocks, with integers all the way.

Trace: Blocks
Input: float32[1,7,2]
Happens: six samples are kept, as of the traced signal.
"""

from torch import Tensor, nn

BLOCK = 3


def usable(signal: Tensor) -> int:
    length = signal.shape[1]
    return int(length) - int(length) % BLOCK  # guilty: shape


class Blocks(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    def forward(self, signal: Tensor) -> Tensor:
        kept = signal[:, : usable(signal)]
        return self.dense(kept).sum(dim=1)
