"""Sums, products, quotients and remainders of ints, floats and complex numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import INT_MAX, INT_MIN, divide, fmod, of_reals, single, wrap, wrap32
from jitcore.ops.kernels.real_math import floor
from jitcore.ops.kernels.registry import declare, op

Number = Any


@op("aten::add.int(int a, int b) -> int")
def add_int(a: int, b: int) -> int:
    """Sum that wraps around at 64 bits."""
    total = a + b
    return total if INT_MIN <= total <= INT_MAX else wrap(total)


@op("aten::sub.int(int a, int b) -> int")
def sub_int(a: int, b: int) -> int:
    """Difference that wraps around at 64 bits."""
    difference = a - b
    return difference if INT_MIN <= difference <= INT_MAX else wrap(difference)


@op("aten::mul.int(int a, int b) -> int")
def mul_int(a: int, b: int) -> int:
    """Product that wraps around at 64 bits."""
    product = a * b
    return product if INT_MIN <= product <= INT_MAX else wrap(product)


@op("aten::neg.int(int a) -> int")
def neg_int(a: int) -> int:
    """Negation that wraps around: the least integer is its own negative."""
    return wrap(-a)


declare(
    operator.neg,
    "aten::neg.float(float a) -> float",
    "aten::neg.complex(complex a) -> complex",
)


def narrowed(value: Number) -> Number:
    """A number as the operators on a single Scalar give it: 32 bits, of complex numbers all."""
    if isinstance(value, int):
        return wrap32(value)
    return single(value) if isinstance(value, float) else value


declare(lambda a: narrowed(-a), "aten::neg.Scalar(Scalar a) -> Scalar")


@op("prim::abs.int(int a) -> int")
def abs_int(a: int) -> int:
    """Absolute value that wraps around: the least integer is its own."""
    return wrap(abs(a))


declare(abs, "prim::abs.float(float a) -> float", "prim::abs.complex(complex a) -> float")
declare(lambda a: narrowed(abs(a)), "prim::abs.Scalar(Scalar a) -> Scalar")


def _scalars(of_ints: Callable[[int, int], Any], of_others: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def of_scalars(a: Number, b: Number) -> Any:
        if isinstance(a, int) and isinstance(b, int):
            return of_ints(a, b)
        return of_others(_widened(a), _widened(b))

    return of_scalars


def _widened(a: Number) -> Number:
    return float(a) if isinstance(a, int) else a


def _add(a: Number, b: Number) -> Number:
    if isinstance(a, complex) and not isinstance(b, complex):
        return complex(a.real + b, a.imag)
    if isinstance(b, complex) and not isinstance(a, complex):
        return complex(a + b.real, b.imag)
    return a + b


def _sub(a: Number, b: Number) -> Number:
    if isinstance(a, complex) and not isinstance(b, complex):
        return complex(a.real - b, a.imag)
    if isinstance(b, complex) and not isinstance(a, complex):
        return complex(a - b.real, -b.imag)
    return a - b


def _mul(a: Number, b: Number) -> Number:
    if isinstance(a, complex) and not isinstance(b, complex):
        return complex(a.real * b, a.imag * b)
    if isinstance(b, complex) and not isinstance(a, complex):
        return complex(a * b.real, a * b.imag)
    return a * b


def _ring(
    name: str, of_ints: Callable[[int, int], int], alike: Callable[[Any, Any], Any], mixed: Any
) -> None:
    """Overloads of a sum, difference or product; `mixed` knows reals among complex numbers."""
    declare(
        alike,
        f"aten::{name}.float(float a, float b) -> float",
        f"aten::{name}.complex(complex a, complex b) -> complex",
        f"aten::{name}.int_float(int a, float b) -> float",
        f"aten::{name}.float_int(float a, int b) -> float",
    )
    declare(
        mixed,
        f"aten::{name}.int_complex(int a, complex b) -> complex",
        f"aten::{name}.complex_int(complex a, int b) -> complex",
        f"aten::{name}.float_complex(float a, complex b) -> complex",
        f"aten::{name}.complex_float(complex a, float b) -> complex",
    )
    declare(_scalars(of_ints, mixed), f"aten::{name}(Scalar a, Scalar b) -> Scalar")


_ring("add", add_int, operator.add, _add)
_ring("sub", sub_int, operator.sub, _sub)
_ring("mul", mul_int, operator.mul, _mul)


@op("aten::floordiv.int(int a, int b) -> int")
def floordiv_int(a: int, b: int) -> int:
    """Quotient rounded down. Raises TorchScriptError on a zero divisor or if it needs 65 bits."""
    if b == 0:
        raise TorchScriptError("division by 0")
    _refuse_overflow(a, b)
    return a // b


def _refuse_overflow(a: int, b: int) -> None:
    """Raise for the one division whose quotient needs 65 bits, which ends torch's process."""
    if b == -1 and a == INT_MIN:
        raise TorchScriptError("integer overflow: the smallest integer divided by -1")


def floordiv_float(a: float, b: float) -> float:
    """Quotient rounded down; a zero divisor gives inf or nan."""
    quotient = divide(a, b)
    # A zero keeps its sign, which Python's floor would lose.
    return float(math.floor(quotient)) if quotient and math.isfinite(quotient) else quotient


@op("aten::__round_to_zero_floordiv.int(int a, int b) -> int")
def truncdiv_int(a: int, b: int) -> int:
    """Quotient rounded towards zero. Raises TorchScriptError as `floordiv_int` does."""
    if b == 0:
        raise TorchScriptError("division by 0")
    _refuse_overflow(a, b)
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


@op("aten::remainder.int(int a, int b) -> int")
def remainder_int(a: int, b: int) -> int:
    """Remainder with the sign of the divisor. Raises TorchScriptError as `floordiv_int` does."""
    if b == 0:
        raise TorchScriptError("ZeroDivisionError: integer division or modulo by zero")
    _refuse_overflow(a, b)
    first = int(math.copysign(1, a)) * (abs(a) % abs(b))
    shifted = wrap(b + first)
    return (1 if shifted >= 0 else -1) * (abs(shifted) % abs(b))


def remainder_float(a: float, b: float) -> float:
    """Remainder with the sign of the divisor; nan for a zero divisor."""
    return fmod(b + fmod(a, b), b)


@op("aten::div.complex(complex a, complex b) -> complex")
def div_complex(a: complex, b: complex) -> complex:
    """Quotient by Smith's method; a zero divisor gives inf and nan."""
    x, y, c, d = a.real, a.imag, b.real, b.imag
    if abs(c) >= abs(d):
        if c == 0 and d == 0:
            return complex(divide(x, abs(c)), divide(y, abs(d)))
        ratio = d / c
        scale = 1.0 / (c + d * ratio)
        return complex((x + y * ratio) * scale, (y - x * ratio) * scale)
    ratio = c / d
    scale = 1.0 / (c * ratio + d)
    return complex((x * ratio + y) * scale, (y * ratio - x) * scale)


def _divide(a: float, b: float) -> float:
    return divide(float(a), float(b))


declare(
    _divide,
    "aten::div.int(int a, int b) -> float",
    "aten::div.float(float a, float b) -> float",
)
declare(of_reals(_divide), "aten::div(Scalar a, Scalar b) -> float")
declare(
    lambda a, b: floordiv_float(float(a), float(b)),
    "aten::floordiv.float(float a, float b) -> float",
    "aten::floordiv.int_float(int a, float b) -> float",
    "aten::floordiv.float_int(float a, int b) -> float",
)
declare(
    lambda a, b: remainder_float(float(a), float(b)),
    "aten::remainder.float(float a, float b) -> float",
    "aten::remainder.int_float(int a, float b) -> float",
    "aten::remainder.float_int(float a, int b) -> float",
)
declare(of_reals(_scalars(floordiv_int, floordiv_float)), "aten::floordiv(Scalar a, Scalar b) -> Scalar")
declare(of_reals(_scalars(remainder_int, remainder_float)), "aten::remainder(Scalar a, Scalar b) -> Scalar")


@op("aten::divmod.int(int x, int y) -> (int, int)")
def divmod_int(x: int, y: int) -> tuple[int, int]:
    """Quotient rounded down, and remainder."""
    if y == 0:
        raise TorchScriptError("ZeroDivisionError: integer division or modulo by zero")
    _refuse_overflow(x, y)
    return wrap(x // y), x % y


@op("aten::divmod.float(float x, float y) -> (float, float)")
def divmod_float(x: float, y: float) -> tuple[float, float]:
    """Quotient rounded down, and remainder."""
    if y == 0:
        raise TorchScriptError("ZeroDivisionError: float divmod()")
    remainder = fmod(x, y)
    if remainder and (x < 0) != (y < 0):
        remainder += y
    return divide(x - remainder, y), remainder


@op(
    "aten::divmod.int_float(int x, float y) -> (float, float)",
    "aten::divmod.float_int(float x, int y) -> (float, float)",
)
def divmod_mixed(x: float, y: float) -> tuple[float, float]:
    """Quotient rounded down, and what remains; in single precision and 32-bit integers."""
    x, y = single(wrap32(x) if isinstance(x, int) else x), single(wrap32(y) if isinstance(y, int) else y)
    if y == 0:
        raise TorchScriptError("ZeroDivisionError: float divmod()")
    quotient = float(floor(single(divide(x, y))))
    return quotient, x - quotient * y
