"""Where kernels are declared: schema and meaning side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Kernel = Callable[..., Any]
_K = TypeVar("_K", bound=Kernel)

_declared: dict[str, tuple[Kernel, str]] = {}


def declare(kernel: Kernel, *schemas: str) -> None:
    """Say that `kernel` computes the operators that `schemas` declare."""
    for schema in schemas:
        key = schema[: schema.index("(")]
        if key in _declared:
            raise ValueError(f"{key} has two kernels")
        _declared[key] = (kernel, schema)


def op(*schemas: str) -> Callable[[_K], _K]:
    """Decorator: the function computes the operators that `schemas` declare."""

    def decorate(kernel: _K) -> _K:
        declare(kernel, *schemas)
        return kernel

    return decorate


def declared() -> Mapping[str, tuple[Kernel, str]]:
    """Kernel and schema text by key, of the families imported so far."""
    return _declared
