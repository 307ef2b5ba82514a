"""How many arguments of an operator must be written, the rest having their default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import CONSTANT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Value
    from jitcore.types import Argument


def necessary_arguments(formals: Sequence[Argument], actuals: Sequence[Value]) -> tuple[int, int]:
    """How many leading arguments to write, and how many trailing `out` ones, which are always written."""
    last = len(formals) - 1
    while last >= 0 and _is_out(formals[last]):
        last -= 1
    trailing_outs = len(formals) - 1 - last
    if len(formals) < len(actuals):
        return len(actuals), trailing_outs
    while last >= 0:
        formal = formals[last]
        if not formal.has_default or not _is_constant(actuals[last], formal.default):
            return last + 1, trailing_outs
        last -= 1
    return 0, trailing_outs


def _is_out(formal: Argument) -> bool:
    return formal.kwarg_only and formal.alias is not None and formal.alias.is_write


def _is_constant(value: Value, expected: object) -> bool:
    """Whether `value` is the constant `expected`; 1, 1.0 and True are three different constants."""
    node = value.node
    if node.kind != CONSTANT or value.type.kind == "FunctionType":
        return False
    actual = node.attributes.get("value")
    return _same(actual, expected)


def _same(a: object, b: object) -> bool:
    if type(a) is not type(b):
        if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
            return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
        return False
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return a is b or bool(a == b) if isinstance(a, (bool, int, float, complex, str, dict)) else a is b
