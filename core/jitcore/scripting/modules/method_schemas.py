"""Schemas of methods that are compiled together: hidden defaults, and the state that is restored."""

from __future__ import annotations

from jitcore.ir import Function
from jitcore.source import error_at
from jitcore.types import INFERRED_TENSOR, Argument, ClassType, FunctionSchema


def derive_state(function: Function, kind: ClassType) -> None:
    """Let the state that `__setstate__` takes without an annotation be what `__getstate__` gives."""
    arguments = function.schema.arguments
    if len(arguments) != 2 or arguments[1].type is not INFERRED_TENSOR:
        return
    getter = kind.methods.get("__getstate__")
    if not isinstance(getter, Function):
        message = (
            f"{kind.name} defines `__setstate__` but not `__getstate__`. You must have both defined on a "
            "module to customize serialization. Did you forget to use `@torch.jit.export`?"
        )
        raise error_at(function.source_range, message)
    if not getter.is_compiling:
        getter.graph  # noqa: B018  # compiling completes the schema
    _set_arguments(function, (arguments[0], Argument(arguments[1].name, getter.schema.returns[0].type)))


def _set_arguments(function: Function, arguments: tuple[Argument, ...]) -> None:
    schema = function.schema
    function.schema = FunctionSchema(schema.name, schema.overload, arguments, schema.returns)
