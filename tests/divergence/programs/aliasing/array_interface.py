"""A vector that is scaled in place by a helper that takes arrays.

Trace: scaled
Input: float32[3]:1..2
Happens: the helper writes to the tensor's memory behind the trace.
"""

import numpy as np
from torch import Tensor


def scale(values, factor: float) -> None:
    values *= factor  # guilty: aliasing


def scaled(x: Tensor) -> Tensor:
    y = x + 0
    scale(np.asarray(y), 2.0)  # also right: aliasing
    return y - 1
