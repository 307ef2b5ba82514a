"""The named types that printed code refers to, in the order in which they must be looked at."""

from __future__ import annotations

from jitcore.types import ClassType, EnumType, FunctionType, InterfaceType, TupleType, Type


class Dependencies:
    """Classes, interfaces, enums, functions and named tuples, each once, first come first."""

    __slots__ = ("_seen", "types")

    def __init__(self) -> None:
        self.types: list[Type] = []
        self._seen: set[object] = set()

    def add(self, declared: Type) -> None:
        """Append a type unless it is there. Function types are equal if their function is."""
        key: object = declared.function if isinstance(declared, FunctionType) else declared
        if key not in self._seen:
            self._seen.add(key)
            self.types.append(declared)

    def add_parts(self, declared: Type) -> None:
        """Append the named types in `declared`, itself included."""
        if isinstance(declared, (ClassType, InterfaceType, EnumType)) or (
            isinstance(declared, TupleType) and declared.name is not None
        ):
            self.add(declared)
        for part in declared.parts:
            self.add_parts(part)
