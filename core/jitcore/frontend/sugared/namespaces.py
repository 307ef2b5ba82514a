"""Things that are only there to be looked into: `torch`, `ops`, `CONSTANTS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.types import unshaped

if TYPE_CHECKING:
    from jitcore.frontend.constants import TypedConstant
    from jitcore.frontend.lowering import Lowering
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
            made = BuiltinModule("aten") if name == "autograd" else BuiltinFunction(f"{self.namespace}::{name}")
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
        number = name[1:]
        if not number.isdigit():
            raise at.error(f"invalid constant specifier: {name}")
        if int(number) >= len(self._constants):
            raise at.error(
                f"constant index {number} is out of bounds (constant table has {len(self._constants)} entries)"
            )
        constant = self._constants[int(number)]
        value = lowering.constant(constant.value, constant.type, at)
        # A constant's exact shape would get in the way of typing what is done with it.
        return lowering.simple(value.set_type(unshaped(constant.type)))
