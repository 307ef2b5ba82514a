"""Numbers as the machine has them: 64-bit integers that wrap around, divisions that give inf and nan."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from jitcore.ops.kernels.errors import TorchScriptError

INT_MIN = -(1 << 63)
INT_MAX = (1 << 63) - 1

INVALID = math.copysign(math.nan, -1.0)
"""The nan that an invalid operation gives on common hardware; its sign shows in text."""


_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def of_reals(kernel: _Kernel) -> _Kernel:
    """The kernel for Scalars: what means nothing for complex numbers raises TorchScriptError for them."""

    @wraps(kernel)
    def checked(*numbers: complex) -> Any:
        for number in numbers:
            if isinstance(number, complex):
                raise TorchScriptError("expected a real number but found a complex one")
        return kernel(*numbers)

    return cast(_Kernel, checked)


def wrap(value: int) -> int:
    """`value` as a signed 64-bit integer."""
    if INT_MIN <= value <= INT_MAX:
        return value
    return ((value + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)


def wrap32(value: int) -> int:
    """`value` as a signed 32-bit integer."""
    return ((value + (1 << 31)) & ((1 << 32) - 1)) - (1 << 31)


def single(value: float) -> float:
    """`value` rounded to single precision; beyond its range infinite."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def to_int(value: float) -> int:
    """Conversion of a float as C++ does it: towards zero; what does not fit is the least integer."""
    if value != value or not -(2.0**63) <= value < 2.0**63:
        return INT_MIN
    return int(value)


def to_int32(value: float) -> int:
    """Conversion of a float to a 32-bit integer; what does not fit is the least one."""
    return int(value) if -(2.0**31) - 1 < value < 2.0**31 else -(1 << 31)


def checked_int(value: float) -> int:
    """A whole float as an integer; raises for nan, inf and what does not fit."""
    if value != value or abs(value) > 2.0**63:
        shown = f"{value:f}" if math.isfinite(value) else signed_text(value)
        raise TorchScriptError(f"Cannot convert float {shown} to integer")
    return to_int(value)


def signed_text(value: float) -> str:
    """`nan`, `-nan`, `inf` or `-inf`."""
    return ("-" if math.copysign(1.0, value) < 0 else "") + ("nan" if value != value else "inf")


def divide(a: float, b: float) -> float:
    """Quotient; a zero divisor gives inf or nan."""
    if b:
        return a / b
    if a == 0 or a != a or b != b:
        return a / b if b != b else (INVALID if a == 0 else a)
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def fmod(a: float, b: float) -> float:
    """Remainder with the sign of `a`; nan where there is none."""
    try:
        return math.fmod(a, b)
    except ValueError:
        return INVALID


def power(a: float, b: float) -> float:
    """`a ** b` as C's pow: inf on overflow, nan for roots of negative numbers."""
    try:
        return math.pow(a, b)
    except OverflowError:
        negative = a < 0 and b == math.floor(b) and math.fmod(b, 2.0) != 0
        return -math.inf if negative else math.inf
    except ValueError:
        if a == 0:
            odd = b == math.floor(b) and math.fmod(b, 2.0) != 0
            return math.copysign(math.inf, a) if odd else math.inf
        return INVALID
