"""Which member of a declared union a value is of."""

from __future__ import annotations

from typing import Final

from jitcore.frontend.constants import type_of_value
from jitcore.types import DictType, InterfaceType, ListType, TupleType, Type, UnionType, is_subtype

_OPEN: Final = (ListType, DictType, TupleType, InterfaceType)


def union_member(declared: UnionType, value: object) -> Type | None:
    """The member of a union that a value is of; None if none says so."""
    actual = type_of_value(value)
    for member in declared.parts:
        if is_subtype(actual, member):
            return member
        if isinstance(member, _OPEN) and type(member) is type(actual):
            # An empty list is one of whatever the union allows.
            return member
    return None
