"""A stack of feature maps by level, of which the last is popped.

Trace: top_level
Input: float32[3]
Happens: `popitem` takes the newest entry in Python and the oldest in TorchScript.
"""

from torch import Tensor


def gather(x: Tensor) -> dict[str, Tensor]:
    return {"low": x, "middle": x * 2, "high": x * 4}


def top_level(x: Tensor) -> Tensor:
    levels = gather(x)
    name, level = levels.popitem()  # guilty: semantics
    return level + len(name)
