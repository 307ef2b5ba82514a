"""A quantiser that rounds its scale with Python's `round`.

Trace: fake_quantise
Input: float32[3]:1..2
Happens: the scale of the tracing input is in the graph.
"""

from functools import partial

import torch
from torch import Tensor


def scale_of(x: Tensor) -> float:
    largest = x.abs().max()
    return round(float(largest) / 127, 4)  # guilty: constant


def quantise(x: Tensor, scale: float) -> Tensor:
    return torch.clamp(torch.round(x / scale), -128, 127) * scale


def fake_quantise(x: Tensor) -> Tensor:
    step = partial(quantise, scale=scale_of(x))
    return step(x)
