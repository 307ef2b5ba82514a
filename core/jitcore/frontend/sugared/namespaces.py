"""Things that are only there to be looked into: `torch`, `ops`, `CONSTANTS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from jitcore.frontend.constants import constant_named
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.calls import ClassValue, FunctionValue, NamedTupleValue
from jitcore.frontend.sugared.special import EnumClass
from jitcore.types import ClassType, EnumType, TupleType, Type, unshaped

if TYPE_CHECKING:
    from jitcore.frontend.constants import TypedConstant
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Function
    from jitcore.source import SourceRange


class BuiltinModule(SugaredValue):
    """The operators of one namespace; `torch` is that of `aten`."""

    __slots__ = ("_members", "namespace")

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._members: dict[str, SugaredValue] = {}

    @property
    def kind(self) -> str:
        return "builtin module"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        return self.member(name)

    def member(self, name: str) -> SugaredValue:
        found = self._members.get(name)
        if found is None:
            made = (
                BuiltinModule("aten") if name == "autograd" else BuiltinFunction(f"{self.namespace}::{name}")
            )
            found = self._members[name] = made
        return found


class OperatorNamespaces(SugaredValue):
    """`ops`: its attributes are namespaces of operators."""

    __slots__ = ("_members",)

    def __init__(self) -> None:
        self._members: dict[str, SugaredValue] = {}

    @property
    def kind(self) -> str:
        return "ops"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        return self.member(name)

    def member(self, name: str) -> SugaredValue:
        return self._members.setdefault(name, BuiltinModule(name))


class ConstantsTable(SugaredValue):
    """`CONSTANTS`: `c0`, `c1` and so on are the constants that an archive keeps beside its code."""

    __slots__ = ("_constants",)

    def __init__(self, constants: Sequence[TypedConstant]) -> None:
        self._constants = constants

    @property
    def kind(self) -> str:
        return "CONSTANTS"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        constant = constant_named(name, self._constants, at)
        value = lowering.constant(constant.value, constant.type, at)
        # A constant's exact shape would get in the way of typing what is done with it.
        return lowering.simple(value.set_type(unshaped(constant.type)))


class NamedThings(Protocol):
    """Finds the classes and functions that a program defines, by qualified name."""

    def named_type(self, name: str) -> Type | None:
        """The class, named tuple or enum of that name, None if there is none."""
        ...

    def find_function(self, name: str) -> Function | None:
        """The function of that name, None if there is none."""
        ...


class Namespace(SugaredValue):
    """A dotted prefix of qualified names of a program."""

    __slots__ = ("_importer", "_name")

    def __init__(self, name: str, importer: NamedThings) -> None:
        self._name = name
        self._importer = importer

    @property
    def kind(self) -> str:
        return "Class Namespace"

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        full_name = f"{self._name}.{name}"
        found = self._importer.named_type(full_name)
        if isinstance(found, ClassType):
            return ClassValue(found)
        if isinstance(found, TupleType):
            return NamedTupleValue(found)
        if isinstance(found, EnumType):
            return EnumClass(found)
        function = self._importer.find_function(full_name)
        return Namespace(full_name, self._importer) if function is None else FunctionValue(function)
