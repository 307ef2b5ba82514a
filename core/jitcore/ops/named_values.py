"""What is passed to a call: a value of the graph or a constant, perhaps with a name and a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jitcore.ir.objects import DeviceName, EnumValue
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    STRING,
    ListType,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value
    from jitcore.source import SourceRange


class NamedValue:
    """An argument of a call.

    Either `value` is a value of the graph, or it is None and `constant` of type `type` is put into the
    graph each time that the argument is looked at. `name` is None for a positional argument, `range`
    is where it was written.
    """

    __slots__ = ("_type", "constant", "name", "range", "value")

    def __init__(
        self, value: Value | None, name: str | None = None, range: SourceRange | None = None
    ) -> None:
        self.value = value
        self.name = name
        self.range = range
        self.constant: object = None
        self._type: Type | None = None

    @classmethod
    def of_constant(
        cls, constant: object, type: Type, name: str | None = None, range: SourceRange | None = None
    ) -> NamedValue:
        """An argument that is not in the graph yet."""
        argument = cls(None, name, range)
        argument.constant = constant
        argument._type = type
        return argument

    @classmethod
    def of_default(cls, default: object, formal: Type) -> NamedValue:
        """The default of an argument that was declared as `formal`."""
        return cls.of_constant(default, type_of_default(default, formal))

    @property
    def type(self) -> Type:
        """Type of what is passed."""
        if self.value is not None:
            return self.value.type
        return self._type or NONE

    def to_value(self, graph: Graph) -> Value:
        """The value; a constant is inserted into `graph` at its insert point."""
        if self.value is not None:
            return self.value
        return graph.insert_constant(self.constant, self.type)


def type_of_default(default: object, formal: Type) -> Type:
    """The type that a default has by itself; `formal` tells what it does not: names of tuples, types of
    items of a list, and whether a text is a device."""
    if default is None:
        return NONE
    if isinstance(default, EnumValue):
        return default.type
    if isinstance(default, DeviceName):
        return DEVICE
    bare = formal.parts[0] if formal.kind == "OptionalType" else formal
    if isinstance(default, bool):
        return BOOL
    if isinstance(default, int):
        return bare if bare.kind == "EnumType" else INT
    if isinstance(default, float):
        return FLOAT
    if isinstance(default, complex):
        return COMPLEX
    if isinstance(default, str):
        return bare if bare.kind == "DeviceObjType" else STRING
    if isinstance(default, tuple) and not (isinstance(bare, TupleType) and bare.field_names):
        items = cast("tuple[object, ...]", default)
        formals = bare.elements if isinstance(bare, TupleType) else (ANY,) * len(items)
        return TupleType(tuple(type_of_default(v, t) for v, t in zip(items, formals, strict=True)))
    if isinstance(default, list) and not isinstance(bare, ListType):
        return ListType(type_of_default(default[0], bare)) if default else bare
    return bare
