"""Signatures as a person reads them."""

from __future__ import annotations

from jitcore.types import FunctionSchema


def signature(schema: FunctionSchema, skip_self: bool = True) -> str:
    """`(x: Tensor, n: int=2) -> Tensor`."""
    arguments = schema.arguments
    if skip_self and arguments and arguments[0].name == "self":
        arguments = arguments[1:]
    shown = [
        f"{a.name}: {a.type.annotation()}" + (f"={a.default!r}" if a.has_default else "") for a in arguments
    ]
    returns = ", ".join(r.type.annotation() for r in schema.returns) or "None"
    return f"({', '.join(shown)}) -> {returns}"
