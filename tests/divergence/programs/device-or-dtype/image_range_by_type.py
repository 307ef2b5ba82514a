"""Pictures that are scaled to 0..1 by what their type can hold.

Trace: to_unit
Input: uint8[1,2,2]:0..255
Happens: pictures of 16 bits are divided by 255 too.
"""

import torch
from torch import Tensor

LARGEST = {torch.uint8: 255.0, torch.int16: 32767.0, torch.int32: 2147483647.0}


class Range:
    def __init__(self, image: Tensor):
        self.largest = LARGEST[image.dtype]  # guilty: device-or-dtype


def to_unit(image: Tensor) -> Tensor:
    return image.float() / Range(image).largest
