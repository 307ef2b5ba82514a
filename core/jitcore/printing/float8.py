"""Numbers of eight bits: what the bytes of torch's float8 types stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Format(NamedTuple):
    """Bits of the fraction, bias of the exponent, and which bytes are no finite numbers."""

    fraction: int
    bias: int
    nans: frozenset[int]
    infinities: bool = False


def _both_signs(*magnitudes: int) -> frozenset[int]:
    return frozenset((*magnitudes, *(0x80 | magnitude for magnitude in magnitudes)))


_FORMATS: Final = {
    "float8_e4m3fn": _Format(3, 7, _both_signs(0x7F)),
    "float8_e5m2": _Format(2, 15, _both_signs(0x7D, 0x7E, 0x7F), infinities=True),
    "float8_e4m3fnuz": _Format(3, 8, frozenset((0x80,))),
    "float8_e5m2fnuz": _Format(2, 16, frozenset((0x80,))),
}
_EXPONENTS_ONLY: Final = "float8_e8m0fnu"
FLOAT8: Final = frozenset((*_FORMATS, _EXPONENTS_ONLY))
"""The names of the types."""


def float8_elements(dtype: str, data: Iterable[int]) -> list[float]:
    """The numbers that bytes stand for; `dtype` is one of `FLOAT8`."""
    if dtype == _EXPONENTS_ONLY:
        return [float("nan") if byte == 0xFF else 2.0 ** (byte - 127) for byte in data]
    layout = _FORMATS[dtype]
    return [_decoded(byte, layout) for byte in data]


def _decoded(byte: int, layout: _Format) -> float:
    if byte in layout.nans:
        return float("nan")
    sign = -1.0 if byte & 0x80 else 1.0
    magnitude = byte & 0x7F
    if layout.infinities and magnitude == 0x7C:
        return sign * float("inf")
    exponent, fraction = magnitude >> layout.fraction, magnitude & ((1 << layout.fraction) - 1)
    unit = 2.0 ** (max(exponent, 1) - layout.bias - layout.fraction)
    return sign * unit * (fraction + (1 << layout.fraction if exponent else 0))
