"""Powers: of ints they are floats, since exponents may be negative."""

from __future__ import annotations

from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import power
from jitcore.ops.kernels.registry import op


@op(
    "aten::pow.int(int a, int b) -> float",
    "aten::pow.float(float a, float b) -> float",
    "aten::pow.int_float(int a, float b) -> float",
    "aten::pow.float_int(float a, int b) -> float",
    "aten::pow.int_to_int(int a, int b) -> int",
)
def pow_real(a: float, b: float) -> float:
    """`a ** b`. Raises TorchScriptError for a negative power of zero."""
    if a == 0 and b < 0:
        raise TorchScriptError("0.0 cannot be raised to a negative power")
    return power(float(a), float(b))


@op("aten::pow.Scalar_Scalar(Scalar a, Scalar b) -> float")
def pow_scalar(a: float, b: float) -> float:
    """`a ** b`; infinite for a negative power of zero."""
    return power(float(a), float(b))


@op(
    "aten::pow.complex(complex a, complex b) -> complex",
    "aten::pow.float_complex(float a, complex b) -> complex",
    "aten::pow.complex_float(complex a, float b) -> complex",
)
def pow_complex(a: Any, b: Any) -> complex:
    """`a ** b` of complex numbers."""
    try:
        return complex(a) ** b
    except (OverflowError, ZeroDivisionError):
        return complex(float("nan"), float("nan"))
