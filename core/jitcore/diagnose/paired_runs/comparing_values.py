"""Compares any two values of two runs: tensors, numbers, texts, and containers of them."""

from __future__ import annotations

import math
from typing import Any, Final, cast

import torch

from jitcore.diagnose.paired_runs.comparing_tensors import compare_tensors
from jitcore.diagnose.paired_runs.difference import Difference
from jitcore.diagnose.paired_runs.reduced_tensor import ReducedTensor
from jitcore.diagnose.paired_runs.tolerance import Tolerance
from jitcore.exec.runtime_types import type_text

MOST_PARTS: Final = 1_000
"""Values in containers that are compared; a program may append to a list a hundred thousand times."""

_TEXT: Final = 60


def compare_forms(left: Any, right: Any, tolerance: Tolerance) -> Difference:
    """Compare what is told of values beside their elements: of tensors that nobody has filled yet."""
    if not (isinstance(left, (torch.Tensor, ReducedTensor)) and isinstance(right, torch.Tensor)):
        return compare_values(left, right, tolerance)
    same = torch.empty(left.shape, dtype=left.dtype, device="meta")
    return compare_values(same, right.detach().to("meta"), tolerance)


def compare_values(left: Any, right: Any, tolerance: Tolerance) -> Difference:
    """How far two values are apart.

    A number is the same as a tensor of that one number, which is what a tracer makes of it.
    """
    room = [MOST_PARTS]
    return _compare(left, right, tolerance, "", room)


def _compare(left: Any, right: Any, tolerance: Tolerance, part: str, room: list[int]) -> Difference:
    room[0] -= 1
    if room[0] < 0:
        return Difference("identical", "", "", f"only {MOST_PARTS:,} parts were compared", part=part)
    if _is_nested(left) and _is_nested(right):
        return _compare_parts([*left.unbind()], [*right.unbind()], tolerance, part, room)
    if isinstance(left, (torch.Tensor, ReducedTensor)) and isinstance(right, torch.Tensor):
        return _at(compare_tensors(left, right, tolerance), part)
    first, second = _number(left), _number(right)
    if first is not None and second is not None:
        return _compare_numbers(left, right, first, second, tolerance, part)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return _compare_parts(cast("list[Any]", left), cast("list[Any]", right), tolerance, part, room)
    if isinstance(left, dict) and isinstance(right, dict):
        return _compare_entries(
            cast("dict[Any, Any]", left), cast("dict[Any, Any]", right), tolerance, part, room
        )
    types = shown(left), shown(right)
    if type(left) is not type(right):
        return Difference("differs", *types, "the types differ", part=part)
    if left is None or isinstance(left, (str, torch.dtype, torch.device)):
        is_same = left == right
        return Difference(
            "identical" if is_same else "differs", *types, "" if is_same else "values differ", part=part
        )
    # Objects of a program: what they hold is compared where it is read.
    return Difference("identical", *types, part=part)


def _is_nested(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_nested


def _number(value: Any) -> complex | None:
    """A number, also one in a tensor without dimensions."""
    if isinstance(value, torch.Tensor) and value.dim() == 0 and not value.is_meta:
        if value.layout != torch.strided or value.is_quantized:
            return None
        value = value.item()
    return value if isinstance(value, (bool, int, float, complex)) else None


def _compare_numbers(
    left: Any, right: Any, first: complex, second: complex, tolerance: Tolerance, part: str
) -> Difference:
    types = shown(left), shown(right)
    if first == second or (first != first and second != second):
        return Difference("identical", *types, part=part)
    is_exact = isinstance(first, int) and isinstance(second, int)
    apart = abs(first - second) if not is_exact else math.inf
    dtype = torch.float64
    for value in (left, right):
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            # A number of Python that was a tensor of few digits on the other side.
            dtype = value.dtype
    if apart <= tolerance.allowed(dtype, max(abs(first), abs(second))):
        return Difference("within tolerance", *types, "rounding differs", part=part)
    return Difference("differs", *types, "values differ", part=part)


def _compare_parts(
    left: list[Any], right: list[Any], tolerance: Tolerance, part: str, room: list[int]
) -> Difference:
    types = _types(left, right, part)
    if len(left) != len(right):
        return Difference(
            "differs", *types, f"the lengths differ: {len(left):,} and {len(right):,}", part=part
        )
    worst = Difference("identical", *types, part=part)
    for index, (one, other) in enumerate(zip(left, right, strict=True)):
        if room[0] <= 0:
            break
        found = _compare(one, other, tolerance, f"{part}[{index}]", room)
        if found.is_worse_than(worst):
            worst = found
    return worst


def _types(left: Any, right: Any, part: str) -> tuple[str, str]:
    """The types of two containers. Those of containers in others are part of these."""
    return ("", "") if part else (type_text(left), type_text(right))


def _compare_entries(
    left: dict[Any, Any], right: dict[Any, Any], tolerance: Tolerance, part: str, room: list[int]
) -> Difference:
    types = _types(left, right, part)
    keys = [_key(key) for key in left], [_key(key) for key in right]
    if sorted(map(repr, keys[0])) != sorted(map(repr, keys[1])):
        return Difference("differs", *types, "the keys differ", part=part)
    worst = Difference("identical", *types, part=part)
    if keys[0] != keys[1]:
        worst = Difference("differs", *types, "the order of the keys differs", part=part)
    others = {_key(key): value for key, value in right.items()}
    for key, value in left.items():
        if room[0] <= 0:
            break
        found = _compare(value, others[_key(key)], tolerance, f"{part}[{_key(key)!r}]", room)
        if found.is_worse_than(worst):
            worst = found
    return worst


def _key(key: Any) -> Any:
    return key.item() if isinstance(key, torch.Tensor) and key.numel() == 1 else key


def _at(difference: Difference, part: str) -> Difference:
    if not part:
        return difference
    return Difference(
        difference.agreement, difference.left, difference.right, difference.what, difference.figures, part
    )


def shown(value: Any) -> str:
    """The type of a value, and the value itself where it is short."""
    if isinstance(value, ReducedTensor):
        return f"Tensor {[*value.shape]}"
    kind = type_text(value)
    number = _number(value)
    if number is not None:
        return f"{kind} {number}"
    if isinstance(value, str):
        return f"{kind} {value[:_TEXT]!r}"
    return kind
