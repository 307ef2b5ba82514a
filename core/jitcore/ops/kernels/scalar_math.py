"""Functions of two real numbers, and of a number that may be of any kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from jitcore.ops.kernels.arithmetic import div_complex
from jitcore.ops.kernels.complex_math import COMPLEX, complex_log
from jitcore.ops.kernels.machine_numbers import divide, fmod, of_reals, single
from jitcore.ops.kernels.real_math import REAL, ieee_remainder, log
from jitcore.ops.kernels.registry import declare


def _either_kind(name: str) -> Callable[[Any], Any]:
    real, of_complex = REAL[name], COMPLEX[name]
    return lambda a: of_complex(a) if isinstance(a, complex) else single(real(a))


for _name in REAL:
    declare(_either_kind(_name), f"aten::{_name}.Scalar(Scalar a) -> Scalar")


def _binary(name: str, function: Callable[[float, float], float], scalars: str) -> None:
    def of_numbers(a: float, b: float) -> float:
        return function(float(a), float(b))

    declare(
        of_numbers,
        f"aten::{name}.int(int a, int b) -> float",
        f"aten::{name}.float(float a, float b) -> float",
        f"aten::{name}.int_float(int a, float b) -> float",
        f"aten::{name}.float_int(float a, int b) -> float",
    )
    declare(of_reals(of_numbers), f"aten::{name}{scalars}(Scalar a, Scalar b) -> float")


_binary("atan2", math.atan2, ".Scalar_Scalar")
_binary("fmod", fmod, "")
_binary("mathremainder", ieee_remainder, "")
_binary("copysign", math.copysign, "")


def log_of_base(a: Any, b: Any) -> Any:
    """Logarithm to the base `b`; of a negative real number it is nan, whatever the base."""
    over = complex_log(a) if isinstance(a, complex) else log(a)
    under = complex_log(b) if isinstance(b, complex) else log(b)
    if isinstance(under, complex):
        return div_complex(complex(over), under)
    if isinstance(over, complex):
        return complex(divide(over.real, under), divide(over.imag, under))
    return divide(over, under)


for _a, _b in (("int", "int"), ("float", "float"), ("int", "float"), ("float", "int")):
    declare(log_of_base, f"aten::log.{_a}_{_b}({_a} a, {_b} b) -> float")
for _other in ("int", "float"):
    declare(
        log_of_base,
        f"aten::log.{_other}_complex({_other} a, complex b) -> complex",
        f"aten::log.complex_{_other}(complex a, {_other} b) -> complex",
    )
declare(
    log_of_base,
    "aten::log.complex_complex(complex a, complex b) -> complex",
)
declare(log_of_base, "aten::log.Scalar_Scalar(Scalar a, Scalar b) -> float")
