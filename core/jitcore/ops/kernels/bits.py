"""Operators on the bits of integers, and what is only defined for integers."""

from __future__ import annotations

import math

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import wrap, wrap32
from jitcore.ops.kernels.registry import op

_SHIFT_MASK = 63  # The machine looks at six bits of a shift's width only.


@op("aten::__and__.int(int a, int b) -> int")
def and_int(a: int, b: int) -> int:
    """Bits set in both."""
    return a & b


@op("aten::__or__.int(int a, int b) -> int")
def or_int(a: int, b: int) -> int:
    """Bits set in either."""
    return a | b


@op("aten::__xor__.int(int a, int b) -> int")
def xor_int(a: int, b: int) -> int:
    """Bits set in one of both."""
    return a ^ b


@op("aten::__lshift__.int(int a, int b) -> int")
def lshift_int(a: int, b: int) -> int:
    """Bits moved up; those above bit 63 are lost."""
    return wrap(a << (b & _SHIFT_MASK))


@op("aten::__rshift__.int(int a, int b) -> int")
def rshift_int(a: int, b: int) -> int:
    """Bits moved down, the sign kept."""
    return a >> (b & _SHIFT_MASK)


@op("aten::gcd.int(int a, int b) -> int")
def gcd_int(a: int, b: int) -> int:
    """Greatest common divisor."""
    return wrap(math.gcd(a, b))


@op("aten::factorial.int(int a) -> int")
def factorial_int(a: int) -> int:
    """Factorial of a 32-bit integer, wrapped around at 64 bits from 21 on."""
    a = wrap32(a)
    if a < 0:
        raise TorchScriptError("factorial() not defined for negative values")
    product = 1
    for factor in range(2, a + 1):
        product = wrap(product * factor)
        if product == 0:
            break
    return product


@op("aten::bin(int i) -> str")
def bin_int(i: int) -> str:
    """Binary digits after `0b`."""
    return bin(i)


@op("aten::hex(int i) -> str")
def hex_int(i: int) -> str:
    """Hexadecimal digits after `0x`."""
    return hex(i)


@op("aten::oct(int i) -> str")
def oct_int(i: int) -> str:
    """Octal digits after `0o`."""
    return oct(i)
