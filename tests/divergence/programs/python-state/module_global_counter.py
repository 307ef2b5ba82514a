"""An annealed noise level whose step is a global of the module.

Trace: anneal
Input: float32[3]
Happens: the global is read once.
"""

from torch import Tensor

STEP = 0


def level() -> float:
    global STEP
    STEP += 1  # also right: python-state
    return 1.0 / STEP  # guilty: python-state


def anneal(x: Tensor) -> Tensor:
    return x * level() + 1
