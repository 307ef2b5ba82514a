"""Integers, floats, complex numbers, booleans, and the functions of `math`."""

import cmath
import math
from typing import Union

import torch
from torch import Tensor

from tests.differential.corpus.language.programs import Programs

programs = Programs()


@programs.script((7, 3), (-7, 3), (7, -3), (7, 0))
def integer_arithmetic(a: int, b: int) -> list[int]:
    return [a + b, a - b, a * b, a // b, a % b, -a, abs(a), a * a]


@programs.script((7.5, 2.0), (-7.5, 2.0), (1.0, 0.0))
def float_arithmetic(a: float, b: float) -> list[float]:
    return [a + b, a - b, a * b, a / b, a // b, a % b, -a, abs(a), a**b]


@programs.script((7, 2.0))
def mixed_arithmetic(a: int, b: float) -> tuple[float, float, float, float, float, float, float]:
    return a + b, a - b, b * a, a / 2, a // b, a % b, 2**b


@programs.script((12, 10))
def bits(a: int, b: int) -> list[int]:
    return [a & b, a | b, a ^ b, a << 2, a >> 1]


@programs.script((12, 10))
def augmented(a: int, b: int) -> tuple[int, float]:
    a += b
    a -= 1
    a *= 2
    a <<= 2
    c = a * 0.25
    c /= 2
    a = a % 7
    return a, c


@programs.script((3, 3.0, True))
def comparisons(a: int, b: float, c: bool) -> list[bool]:
    return [a == b, a < 4, a >= b, a != 3, c == True, c and a > 2, not c, 1 < a < 5, a == 3.0]  # noqa: E712


@programs.script((2.5,), (-3.5,), (0.5,))
def roundings(x: float) -> tuple[int, int, float, int]:
    return math.floor(x), math.ceil(x), round(x), int(x)


@programs.script((0.5,))
def elementary(x: float) -> list[float]:
    return [
        math.sqrt(x), math.exp(x), math.log(x), math.log10(x), math.log1p(x), math.sin(x),
        math.cos(x), math.tan(x), math.asin(x), math.acos(x), math.atan(x), math.atan2(x, 2.0), math.sinh(x),
        math.cosh(x), math.tanh(x), math.asinh(x), math.atanh(x), math.acosh(x + 1), math.pow(x, 3.0),
        math.expm1(x), math.erf(x), math.erfc(x), math.gamma(x), math.lgamma(x), math.degrees(x),
        math.radians(x), math.fabs(-x), math.copysign(x, -1.0), math.fmod(7.0, x), math.ldexp(x, 3),
    ]  # fmt: skip


@programs.script((12, 18))
def integer_math(a: int, b: int) -> tuple[int, int, float, float]:
    return math.gcd(a, b), math.factorial(5), math.log(a), math.sqrt(b)


@programs.script((2.75,))
def parts(x: float) -> tuple[tuple[float, float], tuple[float, int]]:
    return math.modf(x), math.frexp(x)


@programs.script((float("nan"),), (float("inf"),), (1.0,))
def special_values(x: float) -> list[bool]:
    return [math.isnan(x), math.isinf(x), math.isfinite(x), x == x, x > 1e308]


@programs.script()
def constants() -> list[float]:
    return [
        math.pi,
        math.e,
        math.inf,
        -math.inf,
        math.nan,
        math.tau,
        1e-300,
        1e300,
        1.5e14,
        123456.789,
        0.1,
        -0.0,
    ]


@programs.script()
def large_integers() -> list[int]:
    return [9223372036854775807, -9223372036854775807, 1 << 40, 0x10, 0b11, 0o17, 1_000_000]


@programs.script((7, 3), (-7, 3))
def division_with_rest(a: int, b: int) -> tuple[int, int]:
    return divmod(a, b)


@programs.script((7.5, 2.0))
def float_division_with_rest(a: float, b: float) -> tuple[float, float]:
    return divmod(a, b)


@programs.script((1 + 2j, 2.0))
def complex_arithmetic(z: complex, y: float) -> list[complex]:
    return [z + y, z * z, z / (2 + 1j), z - 1, -z, z * 2j, complex(y, 1.0), complex(3, 4)]


@programs.script((1 + 2j,))
def complex_parts(z: complex) -> tuple[float, bool, bool]:
    return abs(z), z == 1 + 2j, z != z


@programs.script((1 + 2j,))
def complex_functions(z: complex) -> tuple[complex, complex, complex, float, complex]:
    return cmath.exp(z), cmath.sqrt(z), cmath.log(z), cmath.phase(z), cmath.sin(z)


@programs.script(([1 + 1j, 2j],))
def complex_lists(zs: list[complex]) -> tuple[complex, list[complex]]:
    total = complex(0, 0)
    for z in zs:
        total += z
    return total, zs


@programs.script((3, 2.5, True, "7"))
def conversions(n: int, y: float, b: bool, s: str) -> tuple[float, int, int, bool, bool, int, float, bool]:
    return float(n), int(y), int(b), bool(n), bool(y), int(s), float(s), bool(s)


@programs.script((5, 2, 9))
def minima(a: int, b: int, c: int) -> tuple[int, int, float, int]:
    return min(a, b), max(a, b, c), min(float(a), 2.5), max([a, b, c])


@programs.script((torch.tensor(3.0), torch.tensor(4)))
def tensor_to_number(x: Tensor, n: Tensor) -> tuple[float, int, bool, float]:
    return float(x), int(n), bool(x > 2), x.item() + n.item()  # type: ignore[return-value]


@programs.script((torch.tensor(3.0), torch.tensor(4)))
def numbers_and_tensors(x: Tensor, n: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    return x + 1, 2 - n, n / 3, 2**x, n // 3


@programs.script((3,), (2.5,))
def number_argument(n: Union[int, float, complex]) -> float:
    if isinstance(n, int):
        return float(n)
    elif isinstance(n, float):
        return n * 2
    return -1.0


@programs.script((torch.tensor(2.5),))
def scalar_from_item(x: Tensor) -> Tensor:
    n = x.item()
    return torch.full([2], n) + n * 2


@programs.script((5,))
def constant_folding(n: int) -> tuple[int, float, bool, str]:
    return 2 * 3 + n, 1.0 / 3, 1 < 2 and n > 0, "a" + "b"


@programs.script((3,))
def power_types(n: int) -> tuple[float, float, float, float]:
    return n**0.5, n**3.0, 2.0**n, float(n) ** -1
