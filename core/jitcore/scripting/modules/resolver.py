"""What names mean in the methods of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Function
from jitcore.scripting.modules.module_value import ModuleValue
from jitcore.scripting.resolver import PythonResolver
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Value
    from jitcore.scripting.modules.compiler import ModuleCompiler
    from jitcore.scripting.names import Names


class ModuleResolver(PythonResolver):
    """The names of a method, whose `self` is a module."""

    __slots__ = ("_compiler",)

    def __init__(self, compiler: ModuleCompiler, names: Names) -> None:
        super().__init__(compiler.scripts, names)
        self._compiler = compiler

    def own_object(self, value: Value) -> SugaredValue:
        """`self` as the module that it is."""
        kind = value.type
        assert isinstance(kind, ClassType)
        return ModuleValue(value, self._compiler.type_of_class(kind), self._compiler)

    def resolve_hook(self, owner: ClassType, name: str) -> Function | None:
        """A forward hook or pre-hook of a module class."""
        found = owner.hooks.get(name)
        return found if isinstance(found, Function) else None
