"""Values of a program in a few words, without running any of its code."""

from __future__ import annotations

from typing import Any

import numpy
import torch

from jitcore.slots.torch_names import TORCH

_PLAIN = (int, float, complex, bool, str, bytes, type(None))
_LONGEST_VALUE = 80
_MOST_ITEMS = 8


def len_of(tensor: torch.Tensor) -> int:
    """The length of the first dimension; 0 where there is none."""
    with TORCH._C.DisableTorchFunction():
        return tensor.size(0) if tensor.dim() else 0


def described(tensor: torch.Tensor) -> str:
    """A tensor in a few words: dtype, shape and device."""
    with TORCH._C.DisableTorchFunction():
        sizes = ", ".join(str(int(size)) for size in TORCH._C.TensorBase.size(tensor))
        return f"{str(tensor.dtype).removeprefix('torch.')}[{sizes}] on {tensor.device}"


def short(value: Any) -> str:
    """A value as text, bounded, without running any code of the program's."""
    if type(value) in _PLAIN:
        text = repr(value)
        return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
    if type(value) in (list, tuple):
        items: list[Any] = list(value[:_MOST_ITEMS])
        inner = ", ".join(map(short, items)) + (", …" if len(value) > _MOST_ITEMS else "")
        return f"[{inner}]" if type(value) is list else f"({inner})"
    if isinstance(value, torch.Tensor):
        return described(value)
    if isinstance(value, numpy.ndarray):
        return f"array of {value.dtype}{list(value.shape)}"
    if isinstance(value, torch.dtype | torch.device):
        return str(value)
    return f"a {type(value).__name__}"
