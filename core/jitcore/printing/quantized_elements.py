"""The reals that the integers of a quantized tensor stand for."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODES = {"quint8": "B", "qint8": "b", "qint32": "i"}
_BITS = {"quint4x2": 4, "quint2x4": 2}


class Quantization(Protocol):
    """How a tensor is quantized: torch's scheme name, scale and zero point per tensor or per channel."""

    scheme: str
    scale: object
    zero_point: object
    axis: int | None


def stored_integers(dtype: str, data: memoryview, count: int) -> list[int]:
    """The `count` integers in the bytes; elements of less than a byte lie from the low bits up."""
    code = _CODES.get(dtype)
    if code is not None:
        return list(struct.unpack(f"<{count}{code}", data))
    bits = _BITS[dtype]
    mask = (1 << bits) - 1
    return [(byte >> shift) & mask for byte in data for shift in range(0, 8, bits)][:count]


def dequantized(
    stored: Sequence[int],
    shape: Sequence[int],
    scales: Sequence[float],
    zero_points: Sequence[float],
    axis: int | None,
) -> list[float]:
    """The reals in row-major order, rounded to single precision as torch's kernels give them.

    `scales` and `zero_points` have one entry, or one for each index of dimension `axis`.
    """
    below = 1 if axis is None else math.prod(shape[axis + 1 :])
    reals: list[float] = []
    for place, number in enumerate(stored):
        channel = 0 if axis is None else place // below % shape[axis]
        reals.append(_single(_single(scales[channel]) * (number - zero_points[channel])))
    return reals


def _single(number: float) -> float:
    return struct.unpack("<f", struct.pack("<f", number))[0]
