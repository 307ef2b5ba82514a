"""Comparisons of numbers, strings, devices, enums and lists."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jitcore.ops.kernels.machine_numbers import of_reals
from jitcore.ops.kernels.registry import declare

Comparison = Callable[[Any, Any], bool]


def _as_floats(compare: Comparison) -> Comparison:
    """Compare an int with a float as C++ does, after converting it, which may round."""
    return lambda a, b: compare(float(a), float(b))


def _of_scalars(compare: Comparison) -> Comparison:
    def compare_scalars(a: Any, b: Any) -> bool:
        if (
            isinstance(a, int) != isinstance(b, int)
            and not isinstance(a, complex)
            and not isinstance(b, complex)
        ):
            return compare(float(a), float(b))
        return compare(a, b)

    return compare_scalars


def _encoded(compare: Comparison) -> Comparison:
    """Strings are ordered by their bytes."""
    return lambda a, b: compare(a.encode("utf-8", "surrogateescape"), b.encode("utf-8", "surrogateescape"))


for _name, _compare in (("lt", operator.lt), ("le", operator.le), ("gt", operator.gt), ("ge", operator.ge)):
    declare(
        _compare,
        f"aten::{_name}.int(int a, int b) -> bool",
        f"aten::{_name}.float(float a, float b) -> bool",
    )
    declare(
        _as_floats(_compare),
        f"aten::{_name}.int_float(int a, float b) -> bool",
        f"aten::{_name}.float_int(float a, int b) -> bool",
    )
    declare(of_reals(_of_scalars(_compare)), f"aten::{_name}(Scalar a, Scalar b) -> bool")
    declare(_encoded(_compare), f"aten::{_name}.str(str a, str b) -> bool")

for _name, _compare in (("eq", operator.eq), ("ne", operator.ne)):
    declare(
        _compare,
        f"aten::{_name}.int(int a, int b) -> bool",
        f"aten::{_name}.float(float a, float b) -> bool",
        f"aten::{_name}.complex(complex a, complex b) -> bool",
        f"aten::{_name}.float_complex(float a, complex b) -> bool",
        f"aten::{_name}.complex_float(complex a, float b) -> bool",
        f"aten::{_name}.str(str a, str b) -> bool",
        f"aten::{_name}.bool(bool a, bool b) -> bool",
        f"aten::{_name}.device(Device a, Device b) -> bool",
    )
    declare(
        _as_floats(_compare),
        f"aten::{_name}.int_float(int a, float b) -> bool",
        f"aten::{_name}.float_int(float a, int b) -> bool",
    )
    declare(_of_scalars(_compare), f"aten::{_name}(Scalar a, Scalar b) -> bool")


def equal_lists(a: list[Any], b: list[Any]) -> bool:
    """Whether lists are equal element by element; a nan differs from itself."""
    return len(a) == len(b) and all(x == y for x, y in zip(a, b, strict=True))


def equal_enums(a: Any, b: Any) -> bool:
    """Whether two members are the same one of the same enum."""
    return a.type == b.type and a.name == b.name


for _element in ("int", "float", "bool", "str"):
    declare(equal_lists, f"aten::eq.{_element}_list({_element}[] a, {_element}[] b) -> bool")
    declare(
        lambda a, b: not equal_lists(a, b),
        f"aten::ne.{_element}_list({_element}[] a, {_element}[] b) -> bool",
    )
declare(equal_enums, "aten::eq.enum(AnyEnumType a, AnyEnumType b) -> bool")
declare(lambda a, b: not equal_enums(a, b), "aten::ne.enum(AnyEnumType a, AnyEnumType b) -> bool")
