"""Sorting lists of primitive values and of tuples of them."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import declare

Values = list[Any]

_SORTABLE = (int, float, str)


def _key(value: Any) -> Any:
    """What orders a value: strings by their bytes, tuples by their elements."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, tuple):
        return tuple(_key(item) for item in value)  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, _SORTABLE):
        return value
    raise TorchScriptError(
        "Only list of Tensors, ints, floats, bools, strs, a User Defined Class that defines the __lt__ "
        f"compare method or Tuples of such types can be sorted, got list of {type(value).__name__} instead"
    )


def _compare(a: Any, b: Any) -> int:
    return -1 if a < b else (1 if b < a else 0)


def sort(self: Values, reverse: bool) -> None:
    """Sort in place; with `reverse` the greatest first."""
    keys = [_key(value) for value in self]
    order = sorted(range(len(self)), key=cmp_to_key(lambda i, j: _compare(keys[i], keys[j])), reverse=reverse)
    self[:] = [self[index] for index in order]


def sorted_copy(input: Values) -> Values:
    """A sorted copy."""
    copy = list(input)
    sort(copy, False)
    return copy


for _t in ("int", "float", "bool", "str"):
    declare(sort, f"aten::sort.{_t}({_t}[](a!) self, bool reverse=False) -> ()")
    declare(sorted_copy, f"aten::sorted.{_t}({_t}[](a) input) -> {_t}[]")
declare(sort, "aten::sort.any(t[](a!) self, bool reverse=False) -> ()")
declare(sorted_copy, "aten::sorted.any(t[](a) self) -> t[]")
