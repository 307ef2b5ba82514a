"""Enum classes as TorchScript types."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from jitcore.scripting.python_types import error_at
from jitcore.scripting.qualified_names import qualified_name
from jitcore.types import ANY, EnumType, unify_all

if TYPE_CHECKING:
    from jitcore.scripting.unit import CompilationUnit
    from jitcore.source import SourceRange


def read_enum(unit: CompilationUnit, cls: type[enum.Enum], at: SourceRange | None) -> EnumType:
    """The type of an enum, whose members must be of one type."""
    members = list(cls)
    if not members:
        raise error_at(at, f"No enum values defined for: '{cls}'")
    kinds = [unit.types.try_type_of(type(member.value), at) for member in members]
    known = [kind for kind in kinds if kind is not None]
    unified = unify_all(known) if len(known) == len(kinds) else None
    values = tuple((member.name, member.value) for member in members)
    if unified is None:
        raise error_at(at, f"Cannot create Enum with value type 'Any': the members of {cls.__name__} must be "
                       "all ints, all floats or all strings")  # fmt: skip
    return EnumType(unit.type_name(qualified_name(cls)), unified or ANY, values)
