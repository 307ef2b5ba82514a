"""What names mean while a person's function is compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.frontend.sugared.calls import FunctionValue
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.ops import custom_classes
from jitcore.scripting.python_values import to_sugared
from jitcore.types import ClassType, InterfaceType, Type

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.ir import Function, Value
    from jitcore.scripting.compiler import ScriptCompiler
    from jitcore.scripting.names import Names
    from jitcore.source import SourceRange


class PythonResolver:
    """Gives names their meaning by the Python objects that they stand for.

    `compiler` compiles what is named, `names` finds the objects, `function` is the function itself, so that
    a call of it is seen to be recursive, `owner` the class that is being compiled.
    """

    __slots__ = ("compiler", "function", "names", "owner", "owner_name")

    def __init__(
        self, compiler: ScriptCompiler, names: Names, owner: ClassType | InterfaceType | None = None,
        owner_name: str = "",
    ) -> None:  # fmt: skip
        self.compiler = compiler
        self.names = names
        self.owner = owner
        self.owner_name = owner_name
        self.function: Function | None = None

    def resolve_type(self, name: str, where: SourceRange) -> Type | None:
        """The type that a name stands for, None if it stands for none."""
        if self.owner is not None and name == self.owner_name:
            return self.owner
        found = self.names.find_dotted(name)
        return None if found is None else self.type_of_object(found, where)

    def type_of_object(self, obj: Any, where: SourceRange) -> Type | None:
        """The type that a Python object stands for, None if it stands for none."""
        return self.compiler.types.try_type_of(obj, where, self.names)

    def resolve_value(self, name: str, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
        """The meaning of a free name, None if it has none."""
        function = self.function
        if function is not None and name == function.name and function.owner is None:
            return FunctionValue(function)
        found = self.names.find(name)
        return None if found is None else to_sugared(found, at, lowering)

    def meaning(
        self, obj: Any, at: SourceRange, lowering: Lowering, is_constant: bool = False
    ) -> SugaredValue:
        """What a Python object means; see `to_sugared`."""
        return to_sugared(obj, at, lowering, is_constant)

    def for_names(self, names: Names) -> PythonResolver:
        """The same for other names, which are no method's."""
        return PythonResolver(self.compiler, names)

    def resolve_hook(self, owner: ClassType, name: str) -> Function | None:
        """Modules call their hooks themselves."""
        return None

    def own_object(self, value: Value) -> SugaredValue:
        """`self` is a value like any other."""
        return SimpleValue(value)

    def accept_unknown(self, at: SourceRange, what: str) -> bool:
        """Unknown operators are errors, except for those of extensions."""
        return custom_classes.is_custom(what)
