"""Lists of primitive values: searching, counting, summing, extremes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.machine_numbers import of_reals, wrap32
from jitcore.ops.kernels.registry import declare, op

Values = list[Any]


def _position(values: Values, wanted: Any) -> int:
    # Not list.index, which finds an object that differs from itself, as nan does.
    for index, value in enumerate(values):
        if value == wanted:
            return index
    return -1


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(int(value)) if isinstance(value, bool) else str(value)


def index_of(self: Values, el: Any) -> int:
    """Place of the first element equal to `el`; raises if there is none."""
    index = _position(self, el)
    if index < 0:
        raise TorchScriptError(f"'{_shown(el)}' is not in list")
    return index


def count_of(self: Values, el: Any) -> int:
    """How many elements equal `el`."""
    return sum(1 for value in self if value == el)


def remove(self: Values, el: Any) -> None:
    """Remove the first element equal to `el`; raises if there is none."""
    index = _position(self, el)
    if index < 0:
        raise TorchScriptError("list.remove(x): x not in list")
    del self[index]


for _t in ("int", "float", "bool", "str"):
    declare(index_of, f"aten::index.list_{_t}({_t}[] self, {_t} el) -> int")
    declare(count_of, f"aten::count.{_t}({_t}[] self, {_t} el) -> int")
    declare(remove, f"aten::remove.{_t}({_t}[](a!) self, {_t} el) -> ()")
    declare(any, f"aten::any.{_t}({_t}[] self) -> bool")
    if _t != "str":
        declare(all, f"aten::all.{_t}({_t}[] self) -> bool")
    if _t != "bool":
        declare(
            lambda values, item: _position(values, item) >= 0,
            f"aten::__contains__.{_t}_list({_t}[] l, {_t} item) -> bool",
        )


@op("aten::sum.int(int[] self) -> int")
def sum_ints(self: list[int]) -> int:
    """Sum that wraps around at 32 bits, as libtorch's does."""
    total = 0
    for value in self:
        total = wrap32(total + value)
    return total


@op("aten::sum.float(float[] self) -> float")
def sum_floats(self: list[float]) -> float:
    """Sum from left to right."""
    total = 0.0
    for value in self:
        total += value
    return total


@op("aten::sum.complex(complex[] self) -> complex")
def sum_complex(self: list[complex]) -> complex:
    """Sum from left to right."""
    total = 0j
    for value in self:
        total += value
    return total


@op("aten::sum.bool(bool[] self) -> int")
def sum_bools(self: list[bool]) -> int:
    """How many hold."""
    return sum(self)


def _extremes(name: str, better: Callable[[Any, Any], bool]) -> None:
    def of_list(self: Values) -> Any:
        if not self:
            raise TorchScriptError(f"{name}() arg is an empty sequence")
        best = self[0]
        for value in self[1:]:
            if better(value, best):
                best = value
        return best

    def of_lists(left: Values, right: Values) -> Values:
        for x, y in zip(right, left, strict=False):
            if x != y:
                return right if better(x, y) else left
        return left if better(len(left), len(right)) else right

    for element in ("int", "float", "bool"):
        declare(of_list, f"prim::{name}.self_{element}({element}[] self) -> {element}")
        declare(of_lists, f"prim::{name}.{element}_list({element}[] l, {element}[] r) -> {element}[]")

    def of_two(a: Any, b: Any) -> Any:
        return a if better(a, b) else b

    def of_mixed(a: float, b: float) -> float:
        a, b = float(a), float(b)
        return a if better(a, b) else b

    def of_scalars(a: Any, b: Any) -> Any:
        return of_two(a, b) if isinstance(a, int) and isinstance(b, int) else of_mixed(a, b)

    declare(
        of_two, f"prim::{name}.int(int a, int b) -> int", f"prim::{name}.float(float a, float b) -> float"
    )
    declare(
        of_mixed,
        f"prim::{name}.int_float(int a, float b) -> float",
        f"prim::{name}.float_int(float a, int b) -> float",
    )
    declare(of_reals(of_scalars), f"prim::{name}(Scalar a, Scalar b) -> Scalar")


_extremes("min", operator.lt)
_extremes("max", operator.gt)
