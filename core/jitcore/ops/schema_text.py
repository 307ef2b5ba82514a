"""Schemas as text, spelled as torch spells them."""

from __future__ import annotations

from typing import cast

from jitcore.ops.kernels.formatting import foreign_text
from jitcore.ops.literals import float_text, quoted
from jitcore.types import (
    INT,
    STRING,
    AliasInfo,
    Argument,
    FunctionSchema,
    ListType,
    OptionalType,
    Type,
)


def schema_text(schema: FunctionSchema) -> str:
    """`aten::add.Tensor(Tensor self, ...) -> Tensor`, as `str` of torch's schema."""
    overload = f".{schema.overload}" if schema.overload else ""
    return f"{schema.name}{overload}({_arguments_text(schema)}) -> {_returns_text(schema)}"


def _arguments_text(schema: FunctionSchema) -> str:
    shown: list[str] = []
    seen_kwarg_only = False
    for argument in schema.arguments:
        if argument.kwarg_only and not seen_kwarg_only:
            shown.append("*")
            seen_kwarg_only = True
        shown.append(argument_text(argument))
    if schema.is_vararg:
        shown.append("...")
    return ", ".join(shown)


def _returns_text(schema: FunctionSchema) -> str:
    returns = [argument_text(r) for r in schema.returns]
    if schema.is_varret:
        return f"({', '.join([*returns, '...'])})" if returns else "..."
    if len(returns) == 1 and not returns[0].startswith("("):
        return returns[0]
    return f"({', '.join(returns)})"


def argument_text(argument: Argument) -> str:
    """`int[2] stride=1`: type with size and alias annotation, name, default."""
    shown = argument.real_type
    optional = isinstance(shown, OptionalType)
    bare = shown.element if isinstance(shown, OptionalType) else shown
    alias = argument.alias
    if isinstance(bare, ListType):
        text = str(bare.element)
        if alias is not None and alias.contained:
            text += _alias_text(alias.contained[0])
        text += f"[{'' if argument.size is None else argument.size}]"
    else:
        text = str(bare)
    if alias is not None and alias.before:
        text += _alias_text(alias)
    if optional:
        text += "?"
    if argument.name:
        text += " " + argument.name
    if argument.has_default:
        text += "=" + _default_text(argument.default, shown, bare)
    return text


def _alias_text(alias: AliasInfo) -> str:
    text = _alias_sets(alias.before) + ("!" if alias.is_write else "")
    if alias.after != alias.before:
        text += " -> " + _alias_sets(alias.after)
    return f"({text})"


def _alias_sets(names: frozenset[str]) -> str:
    # torch lists the sets of an annotation from the one that was named last.
    return "|".join(sorted(names, reverse=True))


def _default_text(value: object, shown: Type, bare: Type) -> str:
    if isinstance(value, str) and bare is STRING:
        return quoted(value)
    if isinstance(value, list):
        items = cast(list[object], value)
        alike = len(items) > 1 and all(item == items[0] for item in items)
        if isinstance(shown, ListType) and shown.element is INT and alike:
            return constant_text(items[0])
    return constant_text(value)


def constant_text(value: object) -> str:
    """A default value as torch writes it: `1.`, `[1, 1]`, `None`, `1e-08`."""
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, complex):
        return f"{float_text(value.real)}{'+' if value.imag >= 0 else ''}{float_text(value.imag)}j"
    if isinstance(value, list):
        return f"[{', '.join(constant_text(item) for item in cast(list[object], value))}]"
    if isinstance(value, tuple):
        items = [constant_text(item) for item in cast("tuple[object, ...]", value)]
        return f"({', '.join(items)}{',)' if len(items) == 1 else ')'}"
    return str(value) if value is None or isinstance(value, int | str) else foreign_text(value)
