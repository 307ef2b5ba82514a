"""Enum classes as TorchScript types."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from jitcore.slots.python_classes import remember_enum
from jitcore.slots.qualified_names import qualified_name
from jitcore.source import error_at
from jitcore.types import ANY, FLOAT, INT, STRING, EnumType, Type, unify

if TYPE_CHECKING:
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.source import SourceRange


def read_enum(compiler: ScriptCompiler, cls: type[enum.Enum], at: SourceRange | None) -> EnumType:
    """The type of an enum, whose members must be of one type."""
    members = list(cls)
    if not members:
        raise error_at(
            at,
            f"No enum values defined for: '{type(cls)}': {cls.__name__} has no members",
            "ValueError",
        )
    kinds = [compiler.types.try_type_of(type(member.value), at) for member in members]
    known = [kind for kind in kinds if kind is not None]
    unified = _unified(known, at) if len(known) == len(kinds) else None
    values = tuple((member.name, member.value) for member in members)
    if unified is None or unified not in (INT, FLOAT, STRING):
        raise error_at(
            at,
            f"Cannot create Enum with value type '{unified or ANY}', only int, float and "
            f"string are supported: give the members of {cls.__name__} values of one of these",
        )
    kind = EnumType(compiler.program.type_name(qualified_name(cls)), unified, values)
    remember_enum(kind, cls)
    return kind


def _unified(kinds: list[Type], at: SourceRange | None) -> Type:
    """The one type of all values."""
    found = kinds[0]
    for place, kind in enumerate(kinds):
        unified = unify(found, kind)
        if unified is None:
            # torch names the two types the other way round.
            raise error_at(
                at,
                f"Could not unify type list since element {place} of type {found.annotation()} did not match "
                f"the types before it ({kind.annotation()}): give all members of the enum values of one type",
            )
        found = unified
    return found
