"""The elements of a piece of a mapped tensor, as they are stored and as doubles."""

from __future__ import annotations

from typing import Any

import numpy as np

from jitcore.archive import LazyTensor

Numbers = np.ndarray[Any, np.dtype[Any]]


def stored(tensor: LazyTensor) -> Numbers:
    """The elements of a piece as they are stored; of complex ones the magnitudes."""
    array = tensor.to_numpy()
    return np.abs(array.astype(np.complex128)) if np.iscomplexobj(array) else array


def numbers(tensor: LazyTensor) -> Numbers:
    """The elements of a piece as doubles, dequantized by the scale of the whole tensor if it has one."""
    array = stored(tensor).astype(np.float64)
    quantizer = tensor.quantizer
    if quantizer is not None and isinstance(quantizer.scale, float | int):
        zero = quantizer.zero_point
        return (array - (zero if isinstance(zero, int) else 0)) * quantizer.scale
    return array
