"""What is asked of whoever compiles a person's functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import enum
    from collections.abc import Callable

    from jitcore.frontend.constants import TypedConstant
    from jitcore.ir import Function
    from jitcore.source import SourceRange
    from jitcore.types import ClassType, EnumType, Type


class KnownClasses(Protocol):
    """The classes of Python that programs know: converting values asks for them."""

    def class_of(self, cls: type) -> ClassType | None:
        """The script class of a Python class if it was compiled already."""
        ...

    def python_class(self, qualified_name: str) -> type | None:
        """The Python class that the script class of that name was compiled from; None if there is none."""
        ...

    def enum_type(self, cls: type[enum.Enum], at: SourceRange | None) -> EnumType:
        """The type of an enum, an object of its own for each mention; raises `SourceError` if it has none."""
        ...


class SlotCompiler(KnownClasses, Protocol):
    """Gives types to what modules hold, and compiles the functions and classes among that."""

    def type_of(self, annotation: Any, at: SourceRange | None) -> Type:
        """The type that an annotation stands for; raises `SourceError` if it is none."""
        ...

    def annotation_range(self, cls: type, name: str) -> SourceRange | None:
        """Where a class annotates an attribute; None where no source says it."""
        ...

    def constant(self, value: Any) -> TypedConstant:
        """A value as a constant of the type that it has by itself; raises `SourceError` for what is none."""
        ...

    def instance_type(self, cls: type) -> ClassType | None:
        """The script class of a Python class, compiled now if it was not yet; None if it cannot be one."""
        ...

    def function_in_slot(self, function: Callable[..., Any]) -> Function | str:
        """A Python function, compiled now if it was not yet; the text of the error if it cannot be."""
        ...

    def recompiled(self, scripted: Any) -> Function:
        """What torch compiled, compiled from its Python original; what it traced or loaded as it is."""
        ...

    def method_variants(self, module: Any) -> dict[str, list[str]]:
        """The methods of a module that are compiled once for each of several signatures, and their names."""
        ...
