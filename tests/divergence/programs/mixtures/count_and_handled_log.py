"""A scaling by how many values count, whose name is looked up for a log.

Trace: scaled
Input: float32[4]:1..2
Happens: the count is a number of the trace; that a name is missing is handled, and only logged.
"""

from torch import Tensor

NAMES = {0: "none", 4: "all"}
LOG: list[str] = []


def scaled(x: Tensor) -> Tensor:
    count = int((x > 0).sum())  # guilty: constant
    try:
        LOG.append(NAMES[count])
    except KeyError:
        LOG.append("some")
    return x * count
