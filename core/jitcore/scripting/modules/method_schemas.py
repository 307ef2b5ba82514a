"""Schemas of methods that are compiled together: hidden defaults, and the state that is restored."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

from jitcore.ir import Function
from jitcore.scripting.python_types import error_at
from jitcore.types import INFERRED_TENSOR, NO_DEFAULT, Argument, ClassType, FunctionSchema


@contextmanager
def defaults_hidden(functions: Sequence[Function]) -> Generator[Callable[[], None]]:
    """Context in which functions get their defaults at the end, though compiling gives them each.

    What it gives is to be called whenever one has been compiled.
    """
    found: dict[Function, list[object]] = {}

    def hide() -> None:
        for function in functions:
            defaults = [argument.default for argument in function.schema.arguments]
            if any(default is not NO_DEFAULT for default in defaults):
                found[function] = defaults
                _set_defaults(function, [NO_DEFAULT] * len(defaults))

    yield hide
    for function, defaults in found.items():
        _set_defaults(function, defaults)


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


def _set_defaults(function: Function, defaults: Sequence[object]) -> None:
    pairs = zip(function.schema.arguments, defaults, strict=True)
    _set_arguments(function, tuple(Argument(a.name, a.type, d, a.kwarg_only, a.size) for a, d in pairs))


def _set_arguments(function: Function, arguments: tuple[Argument, ...]) -> None:
    schema = function.schema
    function.schema = FunctionSchema(schema.name, schema.overload, arguments, schema.returns)
