"""Functions of one real number, rounding, and tests of what a number is."""

from __future__ import annotations

import math
from collections.abc import Callable

from jitcore.ops.kernels.machine_numbers import INVALID, checked_int, of_reals, single, wrap32
from jitcore.ops.kernels.registry import declare, op

RealFunction = Callable[[float], float]


def total(function: RealFunction, pole: float = INVALID, at: float | None = None) -> RealFunction:
    """`function` as C has it: inf where it overflows, `pole` at `at`, nan outside of its domain."""

    def everywhere(a: float) -> float:
        try:
            return function(float(a))
        except OverflowError:
            return math.copysign(math.inf, a) if function in _ODD else math.inf
        except ValueError:
            return pole if a == at else INVALID

    return everywhere


_ODD = frozenset({math.sinh})

log = total(math.log, -math.inf, 0.0)
log10 = total(math.log10, -math.inf, 0.0)
exp = total(math.exp)
sin = total(math.sin)
cos = total(math.cos)


@total
def _gamma(a: float) -> float:
    return math.copysign(math.inf, a) if a == 0 else math.gamma(a)


@total
def atanh(a: float) -> float:
    """Inverse hyperbolic tangent; infinite at 1 and -1."""
    return math.copysign(math.inf, a) if abs(a) == 1 else math.atanh(a)


def _lgamma(a: float) -> float:
    try:
        return math.lgamma(a)
    except (ValueError, OverflowError):
        return math.inf


def angle(a: float) -> float:
    """Angle of a real number in the complex plane: 0 or pi, by its sign."""
    return math.pi if math.copysign(1.0, a) < 0 else 0.0


REAL: dict[str, RealFunction] = {
    "log": log,
    "log10": log10,
    "exp": exp,
    "sqrt": total(math.sqrt),
    "sin": sin,
    "cos": cos,
    "tan": total(math.tan),
    "asin": total(math.asin),
    "acos": total(math.acos),
    "atan": total(math.atan),
    "sinh": total(math.sinh),
    "cosh": total(math.cosh),
    "tanh": total(math.tanh),
    "asinh": total(math.asinh),
    "acosh": total(math.acosh),
    "atanh": atanh,
    "angle": angle,
}
"""Functions that exist for complex numbers too, by their names."""

_ONLY_REAL: dict[str, RealFunction] = {
    "log1p": total(math.log1p, -math.inf, -1.0),
    "expm1": total(math.expm1),
    "erf": total(math.erf),
    "erfc": total(math.erfc),
    "gamma": _gamma,
    "lgamma": _lgamma,
    "fabs": lambda a: abs(float(a)),
    "degrees": lambda a: a * (180.0 / math.pi),
    "radians": lambda a: a * (math.pi / 180.0),
}


def _narrowed(function: RealFunction) -> RealFunction:
    """The function of a Scalar, whose result libtorch rounds to single precision."""
    return of_reals(lambda a: single(function(a)))


for _name, _function in REAL.items():
    declare(_function, f"aten::{_name}.int(int a) -> float", f"aten::{_name}.float(float a) -> float")
for _name, _function in _ONLY_REAL.items():
    declare(
        _function,
        f"aten::{_name}.int(int a) -> float",
        f"aten::{_name}.float(float a) -> float",
    )
    declare(_narrowed(_function), f"aten::{_name}.Scalar(Scalar a) -> Scalar")


@op("aten::round.int(int a) -> float", "aten::round.float(float a) -> float")
def round_even(a: float) -> float:
    """The nearest whole number, of two the even one; a float."""
    a = float(a)
    return math.copysign(float(round(a)), a) if math.isfinite(a) else a


@op("aten::floor.int(int a) -> int", "aten::floor.float(float a) -> int")
def floor(a: float) -> int:
    """The next whole number below. Raises TorchScriptError for what is no 64-bit integer."""
    a = float(a)
    return checked_int(float(math.floor(a)) if math.isfinite(a) else a)


@op("aten::ceil.int(int a) -> int", "aten::ceil.float(float a) -> int")
def ceil(a: float) -> int:
    """The next whole number above. Raises TorchScriptError for what is no 64-bit integer."""
    a = float(a)
    return checked_int(float(math.ceil(a)) if math.isfinite(a) else a)


declare(_narrowed(round_even), "aten::round.Scalar(Scalar a) -> Scalar")
declare(of_reals(lambda a: wrap32(floor(a))), "aten::floor.Scalar(Scalar a) -> Scalar")
declare(of_reals(lambda a: wrap32(ceil(a))), "aten::ceil.Scalar(Scalar a) -> Scalar")


def _either(test: Callable[[float], bool]) -> Callable[[complex], bool]:
    return lambda a: test(a.real) or test(a.imag)


declare(math.isnan, "aten::isnan.float(float a) -> bool")
declare(math.isinf, "aten::isinf.float(float a) -> bool")
declare(math.isfinite, "aten::isfinite.float(float a) -> bool")
declare(_either(math.isnan), "aten::isnan.complex(complex a) -> bool")
declare(_either(math.isinf), "aten::isinf.complex(complex a) -> bool")
declare(
    lambda a: math.isfinite(a.real) and math.isfinite(a.imag), "aten::isfinite.complex(complex a) -> bool"
)


@op("aten::modf(float a) -> (float, float)")
def modf(a: float) -> tuple[float, float]:
    """Fractional and whole part, both with the sign of `a`."""
    return math.modf(a)


@op("aten::frexp(float a) -> (float, int)")
def frexp(a: float) -> tuple[float, int]:
    """Mantissa between 1/2 and 1, and exponent of two."""
    return math.frexp(a)


@op("aten::ldexp(float x, int i) -> float")
def ldexp(x: float, i: int) -> float:
    """`x` times two to the power `i`; infinite on overflow."""
    try:
        return math.ldexp(x, i)
    except OverflowError:
        return math.copysign(math.inf, x)


def ieee_remainder(a: float, b: float) -> float:
    """Distance of `a` to the nearest multiple of `b`; nan where there is none."""
    try:
        return math.remainder(a, b)
    except ValueError:
        return INVALID
