"""A loader that converts and scales pictures of whole numbers only.

Trace: load
Input: float32[3]:0..1
Happens: traced with a floating picture, so others are neither converted nor scaled.
"""

from torch import Tensor


def as_floating(image: Tensor) -> Tensor:
    if not image.is_floating_point():  # guilty: device-or-dtype or branch
        image = image.float() / 255
    return image


def load(image: Tensor) -> Tensor:
    return (as_floating(image) - 0.5) / 0.5
