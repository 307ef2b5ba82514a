"""What has been compiled: functions, classes, and the names that they got."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from jitcore.slots.qualified_names import mangled

if TYPE_CHECKING:
    import enum
    from collections.abc import Callable, Generator, Sequence
    from types import CodeType

    from jitcore.ir import Function
    from jitcore.types import ClassType, EnumType, FunctionSchema, InterfaceType, Type


class CompiledProgram:
    """Everything that was compiled together; `ScriptCompiler` adds to it.

    `functions` and `named_types` are by qualified name; two of one name are told apart by mangling the
    later one. What Python's functions, classes and enums were compiled to is by these themselves, that of
    overloads in their order. `used_overloads` are the declarations of overloads that an implementation was
    compiled for. `example_types` are types of parameters without annotations, by the code of their functions.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self.named_types: dict[str, Type] = {}
        self.example_types: dict[CodeType | None, dict[str, Type]] = {}
        self.compiled: WeakKeyDictionary[Callable[..., Any], Function] = WeakKeyDictionary()
        self.overloads: WeakKeyDictionary[Any, list[Function]] = WeakKeyDictionary()
        self.used_overloads: WeakSet[Callable[..., Any]] = WeakSet()
        self.classes: WeakKeyDictionary[type, ClassType] = WeakKeyDictionary()
        self.interfaces: WeakKeyDictionary[type, InterfaceType] = WeakKeyDictionary()
        self.enums: WeakKeyDictionary[type[enum.Enum], EnumType] = WeakKeyDictionary()
        self._mangled = 0
        self._warnings = 0
        self._held_back: dict[Function, FunctionSchema] | None = None
        self._without_defaults: frozenset[Function] = frozenset()

    # --- names ----------------------------------------------------------------------------------

    def function_name(self, name: str) -> str:
        """`name`, mangled if a function has it already."""
        return self.mangled(name) if name in self.functions else name

    def type_name(self, name: str) -> str:
        """`name`, mangled if a type has it already."""
        return self.mangled(name) if name in self.named_types else name

    def mangled(self, name: str) -> str:
        """`name` with the next number."""
        number = self._mangled
        self._mangled += 1
        return mangled(name, number)

    def next_warning(self) -> int:
        """The number of the next warning."""
        number = self._warnings
        self._warnings += 1
        return number

    # --- defaults -------------------------------------------------------------------------------

    @contextmanager
    def defaults_held_back(self, functions: Sequence[Function]) -> Generator[None]:
        """Context in which these functions, which are compiled together, know no defaults of each other."""
        outer = self._held_back, self._without_defaults
        held: dict[Function, FunctionSchema] = {}
        self._held_back, self._without_defaults = held, outer[1] | frozenset(functions)
        try:
            yield
        finally:
            self._held_back, self._without_defaults = outer
            for function, schema in held.items():
                self.give_defaults(function, schema)

    def give_defaults(self, function: Function, schema: FunctionSchema) -> None:
        """Give a function that was compiled the schema with its defaults, now or when it is to have them."""
        if self._held_back is not None and function in self._without_defaults:
            self._held_back[function] = schema
        else:
            function.schema = schema

    # --- types ----------------------------------------------------------------------------------

    def class_named(self, qualified_name: str) -> type | None:
        """The Python class that the script class of that name was compiled from; None if there is none."""
        for cls, kind in self.classes.items():
            if kind.qualified_name == qualified_name:
                return cls
        return None

    def register_class(self, cls: type, kind: ClassType) -> None:
        """Remember what a class was compiled to, or is being compiled to."""
        self.classes[cls] = kind
        self.named_types[kind.qualified_name] = kind

    def forget_class(self, cls: type, kind: ClassType) -> None:
        """Take back a class that could not be compiled."""
        self.classes.pop(cls, None)
        self.named_types.pop(kind.qualified_name, None)

    def register_interface(self, cls: type, kind: InterfaceType) -> None:
        """Remember an interface."""
        self.interfaces[cls] = kind
        self.named_types[kind.qualified_name] = kind
