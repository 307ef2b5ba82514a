"""Signatures as a person reads them."""

from __future__ import annotations

from jitcore.ir import Function


def signature(function: Function) -> str:
    """`(x: Tensor, n: int=2) -> Tensor`; the module a method is called on is left out."""
    schema = function.schema
    arguments = schema.arguments[1:] if function.owner is not None else schema.arguments
    shown = [
        f"{a.name}: {a.type.annotation()}" + (f"={a.default!r}" if a.has_default else "") for a in arguments
    ]
    returns = ", ".join(r.type.annotation() for r in schema.returns) or "None"
    return f"({', '.join(shown)}) -> {returns}"
