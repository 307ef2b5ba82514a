"""Sorting lists of numbers and of texts."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from jitcore.ops.kernels.registry import declare

Values = list[Any]


def _key(value: Any) -> Any:
    """What orders a value: strings by their bytes."""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


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
