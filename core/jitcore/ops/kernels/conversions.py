"""`int()`, `float()`, `bool()`, `complex()`, `chr()` and `ord()`."""

from __future__ import annotations

import re

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import INT_MAX, INT_MIN, single, to_int, wrap32
from jitcore.ops.kernels.registry import declare, op

_SPACES = " \t\n\v\f\r"
_INTEGER = re.compile(rf"[{_SPACES}]*([+-]?[0-9]+)")
_FLOAT = re.compile(
    rf"[{_SPACES}]*([+-]?(?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan(?:\([A-Za-z0-9_]*\))?))",
    re.IGNORECASE,
)


@op("aten::Bool.int(int a) -> bool", "aten::Bool.float(float a) -> bool")
def to_bool(a: float) -> bool:
    """Whether a number is not zero."""
    return a != 0


declare(int, "aten::Int.bool(bool a) -> int")
declare(to_int, "aten::Int.float(float a) -> int")


@op("aten::Int.Scalar(Scalar a) -> int")
def int_of_scalar(a: int | float | complex) -> int:
    """A number's whole part."""
    if isinstance(a, int):
        return int(a)
    if isinstance(a, complex):
        if a.imag != 0:
            raise TorchScriptError("value cannot be converted to type int64_t without overflow")
        a = a.real
    if a != a or not -(2.0**63) <= a < 2.0**63:
        raise TorchScriptError("value cannot be converted to type int64_t without overflow")
    return to_int(a)


@op("aten::Int.str(str a) -> int")
def int_of_text(a: str) -> int:
    """Decimal digits after blanks and a sign, and nothing behind them."""
    match = _INTEGER.match(a)
    if match is None:
        raise TorchScriptError("stoll")
    value = int(match.group(1))
    if not INT_MIN <= value <= INT_MAX:
        raise TorchScriptError("stoll")
    if match.end() != len(a):
        raise TorchScriptError(f"invalid literal for int() with base 10: '{a}'")
    return value


@op("aten::Float.int(int a) -> float", "aten::Float.bool(bool a) -> float")
def float_of_int(a: int) -> float:
    """An integer by way of single precision, which rounds from 2**24 on."""
    return single(float(a))


@op("aten::Float.Scalar(Scalar a) -> float")
def float_of_scalar(a: int | float | complex) -> float:
    """A number in double precision; of a complex number the real part."""
    return a.real if isinstance(a, complex) else float(a)


@op("aten::Float.str(str a) -> float")
def float_of_text(a: str) -> float:
    """A number as C reads it (hexadecimal, inf and nan too), and nothing behind it."""
    match = _FLOAT.match(a)
    if match is None:
        raise TorchScriptError("stod")
    digits = match.group(1).lower()
    if match.end() != len(a):
        raise TorchScriptError(f"could not convert string to float: '{a}'")
    value = float.fromhex(digits) if "0x" in digits else float(digits.partition("(")[0])
    if value in (float("inf"), float("-inf")) and "inf" not in digits:
        raise TorchScriptError("stod")
    return value


@op("aten::Complex.Scalar(Scalar a) -> complex")
def complex_of_scalar(a: int | float | complex) -> complex:
    """A number as a complex one."""
    return complex(a)


def complex_of_parts(x: int | float, y: int | float) -> complex:
    """Real and imaginary part; integers wrap around at 32 bits, as libtorch's do."""
    real = wrap32(x) if isinstance(x, int) else x
    return complex(real, wrap32(y) if isinstance(y, int) else y)


for _x in ("int", "float", "bool"):
    for _y in ("int", "float", "bool"):
        declare(complex_of_parts, f"aten::Complex.{_x}_{_y}({_x} x, {_y} y) -> complex")


@op("aten::chr(int i) -> str")
def chr_of_int(i: int) -> str:
    """The character whose code is the last byte of `i`."""
    if not 0 <= i < 1114111:
        raise TorchScriptError(f"chr() arg not in range(0x110000), found {i}")
    return bytes([i & 0xFF]).decode("utf-8", "surrogateescape")


@op("aten::ord(str string) -> int")
def ord_of_text(string: str) -> int:
    """The code of a string of one byte."""
    data = string.encode("utf-8", "surrogateescape")
    if len(data) != 1:
        raise TorchScriptError(f"String for ord() must be 1 character, found {len(data)}")
    return data[0]
