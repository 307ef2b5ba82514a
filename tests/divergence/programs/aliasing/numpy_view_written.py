"""Pixels that are clipped through a numpy view of the tensor.

Trace: clean_pixels
Input: float32[4]:0..1
Happens: numpy wrote where no trace looks.
"""

import numpy as np
import torch
from torch import Tensor


def clip_in_place(x: Tensor) -> None:
    view = x.detach().numpy()  # also right: aliasing
    np.clip(view, 0, 1, out=view)  # guilty: aliasing


def clean_pixels(x: Tensor) -> Tensor:
    y = x * 2
    clip_in_place(y)
    return torch.sqrt(y + 0.1)
