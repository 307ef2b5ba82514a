"""The input itself is written to, by operators.

Trace: scale
Input: float32[3,2]
Harmless: the trace writes to its input as well.
"""

from torch import Tensor


def scale(x: Tensor) -> Tensor:
    x.mul_(2)
    x[:, 0] += 1
    view = x.transpose(0, 1)
    view.sub_(0.5)
    return x.sum(dim=1) + view[1]
