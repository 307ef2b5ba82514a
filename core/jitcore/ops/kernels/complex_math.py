"""Functions of a complex number."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

from jitcore.ops.kernels.machine_numbers import of_reals
from jitcore.ops.kernels.real_math import cos, sin
from jitcore.ops.kernels.registry import declare

ComplexFunction = Callable[[complex], complex]


def _total(function: ComplexFunction) -> ComplexFunction:
    def everywhere(a: complex) -> complex:
        try:
            return function(a)
        except OverflowError:
            return complex(math.inf, math.inf)
        except ValueError:
            return complex(math.nan, math.nan)

    return everywhere


def complex_log(a: complex) -> complex:
    """Natural logarithm; infinite at zero."""
    return complex(-math.inf, math.atan2(a.imag, a.real)) if a == 0 else cmath.log(a)


def _exp(a: complex) -> complex:
    if a.real == math.inf and not math.isfinite(a.imag):
        return complex(math.inf, math.nan)
    return _total(cmath.exp)(a)


def _log10(a: complex) -> complex:
    natural = complex_log(a)
    return complex(natural.real / math.log(10.0), natural.imag / math.log(10.0))


def _angle(a: complex) -> complex:
    return math.atan2(a.imag, a.real)


COMPLEX: dict[str, Callable[..., complex]] = {
    "log": complex_log,
    "log10": _log10,
    "exp": _exp,
    "sqrt": _total(cmath.sqrt),
    "sin": _total(cmath.sin),
    "cos": _total(cmath.cos),
    "tan": _total(cmath.tan),
    "asin": _total(cmath.asin),
    "acos": _total(cmath.acos),
    "atan": _total(cmath.atan),
    "sinh": _total(cmath.sinh),
    "cosh": _total(cmath.cosh),
    "tanh": _total(cmath.tanh),
    "asinh": _total(cmath.asinh),
    "acosh": _total(cmath.acosh),
    "atanh": _total(cmath.atanh),
    "angle": _angle,
}
"""The functions by their names."""

for _name, _function in COMPLEX.items():
    declare(_function, f"aten::{_name}.complex(complex a) -> {'float' if _name == 'angle' else 'complex'}")


def polar(a: float, b: float) -> complex:
    """The number of length `a` at angle `b`."""
    return complex(a * cos(b), a * sin(b))


for _a, _b in (("int", "float"), ("float", "int")):
    declare(polar, f"aten::polar.{_a}_{_b}({_a} a, {_b} b) -> complex")
declare(
    polar,
    "aten::polar.int(int a, int b) -> complex",
    "aten::polar.float(float a, float b) -> complex",
)
declare(of_reals(polar), "aten::polar.Scalar_Scalar(Scalar a, Scalar b) -> Scalar")
