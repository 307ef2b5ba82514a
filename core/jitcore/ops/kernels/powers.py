"""Powers: of ints they are floats, since exponents may be negative."""

from __future__ import annotations

from jitcore.ops.kernels.complex_math import COMPLEX, complex_log, polar
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import of_reals, power
from jitcore.ops.kernels.real_math import exp, log
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
@of_reals
def pow_scalar(a: float, b: float) -> float:
    """`a ** b`; infinite for a negative power of zero."""
    return power(float(a), float(b))


@op("aten::pow.complex(complex a, complex b) -> complex")
def pow_complex(a: complex, b: complex) -> complex:
    """`a ** b` by way of the logarithm, so no number for 0 ** 0."""
    return COMPLEX["exp"](b * complex_log(a))


@op("aten::pow.complex_float(complex a, float b) -> complex")
def pow_complex_real(a: complex, b: float) -> complex:
    """A complex number to a real power."""
    if a.imag == 0 and a.real > 0:
        return complex(power(a.real, b), 0.0)
    logarithm = complex_log(a)
    return polar(exp(b * logarithm.real), b * logarithm.imag)


@op("aten::pow.float_complex(float a, complex b) -> complex")
def pow_real_complex(a: float, b: complex) -> complex:
    """A real number to a complex power."""
    return polar(power(a, b.real), b.imag * log(a)) if a > 0 else pow_complex(complex(a), b)
