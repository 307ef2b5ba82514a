"""Logic, identity, and what the compiler asks about itself."""

from __future__ import annotations

from typing import Any

from jitcore.ops.kernels.registry import op


@op("aten::__and__.bool(bool a, bool b) -> bool")
def and_bool(a: bool, b: bool) -> bool:
    """Whether both hold."""
    return a and b


@op("aten::__or__.bool(bool a, bool b) -> bool")
def or_bool(a: bool, b: bool) -> bool:
    """Whether either holds."""
    return a or b


@op("aten::__xor__.bool(bool a, bool b) -> bool")
def xor_bool(a: bool, b: bool) -> bool:
    """Whether exactly one holds."""
    return a != b


@op("aten::__not__(bool self) -> bool")
def not_bool(self: bool) -> bool:
    """Whether it does not hold."""
    return not self


@op("aten::__is__(t1 self, t2 obj) -> bool")
def is_same(self: Any, obj: Any) -> bool:
    """Whether two values are one object; numbers of one type are when they are equal."""
    if isinstance(self, int | float | complex):
        return type(self) is type(obj) and self == obj
    return self is obj


@op("aten::__isnot__(t1 self, t2 obj) -> bool")
def is_other(self: Any, obj: Any) -> bool:
    """Whether two values are not one object."""
    return not is_same(self, obj)


@op("aten::is_scripting() -> bool")
def is_scripting() -> bool:
    """A compiled program is always scripting."""
    return True


@op("aten::_get_tracing_state() -> bool")
def get_tracing_state() -> bool:
    """A compiled program is never being traced."""
    return False
