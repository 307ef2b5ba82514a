"""A tensor that is moved to the processor where it is not there already.

Trace: on_processor
Input: float32[2]
Harmless: both arms give the same values.
"""

from torch import Tensor


def on_processor(x: Tensor) -> Tensor:
    if x.device.type != "cpu":
        x = x.cpu()
    return x.exp()
