"""A tensor that is brought to the type of another one.

Trace: matched
Input: float32[4]
Input: float32[4]
Harmless: `type_as` is recorded with the other tensor.
"""

from torch import Tensor


def matched(x: Tensor, like: Tensor) -> Tensor:
    return x.type_as(like) * 2 + like
