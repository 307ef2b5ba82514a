"""The named types that printed code refers to, in the order in which they must be looked at."""

from __future__ import annotations

from jitcore.types import ClassType, EnumType, FunctionType, InterfaceType, TupleType, Type


class Dependencies:
    """Classes, interfaces, enums, functions and named tuples, each once, first come first."""

    __slots__ = ("_seen", "_walked", "types")

    def __init__(self) -> None:
        self.types: list[Type] = []
        self._seen: set[object] = set()
        self._walked: set[Type] = set()

    def add(self, declared: Type) -> None:
        """Append a type unless it is there. Function types are equal if their function is."""
        key: object = declared.function if isinstance(declared, FunctionType) else declared
        if key not in self._seen:
            self._seen.add(key)
            self.types.append(declared)

    def add_parts(self, declared: Type) -> None:
        """Append the named types in `declared`, itself included; those of attributes are in their class."""
        if declared in self._walked:
            return
        self._walked.add(declared)
        if isinstance(declared, (ClassType, InterfaceType, EnumType)) or (
            isinstance(declared, TupleType) and declared.name is not None
        ):
            self.add(declared)
        if isinstance(declared, ClassType):
            for attribute in declared.attributes.values():
                self.add_parts(attribute.type)
        for part in declared.parts:
            self.add_parts(part)
