"""Boxes that are scaled to pixels with a tensor made of the picture's size.

Trace: to_pixels
Input: float32[1,1,4,8]
Input: float32[2,4]:0..1
Happens: `torch.tensor` of sizes is a constant, so boxes are scaled to the traced picture.
"""

import torch
from torch import Tensor


def size_of(image: Tensor) -> Tensor:
    height, width = image.shape[-2:]
    return torch.tensor([width, height, width, height])  # guilty: shape or constant


def to_pixels(image: Tensor, boxes: Tensor) -> Tensor:
    return boxes * size_of(image)
