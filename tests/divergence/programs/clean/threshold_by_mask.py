"""A detector's filter that gives what it found, be it nothing.

Trace: confident
Input: float32[5,2]
Input: float32[5]:0..1
Harmless: a boolean index gives as many rows as there are.
"""

from torch import Tensor


def confident(boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
    keep = scores > 0.5
    return boxes[keep], scores[keep]
