"""What has been compiled: functions, classes, and the names that they got."""

from __future__ import annotations

import enum
import weakref
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from jitcore.ir import Function
from jitcore.scripting.constants import PythonConstants
from jitcore.scripting.named_tuples import read_named_tuple
from jitcore.scripting.python_types import PythonTypes, error_at
from jitcore.scripting.qualified_names import mangled, qualified_name
from jitcore.scripting.torch_names import TORCH
from jitcore.source import JitError
from jitcore.types import ClassType, EnumType, FunctionSchema, InterfaceType, TupleType, Type, is_subtype

if TYPE_CHECKING:
    from types import CodeType

    from jitcore.scripting.names import Names
    from jitcore.source import SourceRange


class CompilationUnit:
    """Everything that was compiled together.

    `functions` and `named_types` are by qualified name; two of one name are told apart by mangling the
    later one. `types` and `constants` read Python objects. `example_types` are types of parameters without
    annotations, by the code of their functions. `endless_classes` are those that torch would
    never be done with.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self.named_types: dict[str, Type] = {}
        self.types = PythonTypes(self)
        self.constants = PythonConstants(self)
        self.example_types: dict[CodeType | None, dict[str, Type]] = {}
        self._mangled = 0
        self._warnings = 0
        self._held_back: dict[Function, FunctionSchema] | None = None
        self._without_defaults: frozenset[Function] = frozenset()
        self._compiled: weakref.WeakKeyDictionary[Callable[..., Any], Function] = weakref.WeakKeyDictionary()
        self._used_overloads: weakref.WeakSet[Callable[..., Any]] = weakref.WeakSet()
        self._overloads: weakref.WeakKeyDictionary[Any, list[Function]] = weakref.WeakKeyDictionary()
        self._classes: weakref.WeakKeyDictionary[type, ClassType] = weakref.WeakKeyDictionary()
        self._compiling: list[type] = []
        self.endless_classes: weakref.WeakSet[type] = weakref.WeakSet()
        self._interfaces: weakref.WeakKeyDictionary[type, InterfaceType] = weakref.WeakKeyDictionary()
        self._enums: weakref.WeakKeyDictionary[type, EnumType] = weakref.WeakKeyDictionary()

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

    # --- functions ------------------------------------------------------------------------------

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

    def compile_function(self, function: Callable[..., Any], names: Names | None = None) -> Function:
        """A Python function, compiled now if it was not yet; `names` are its own, if not what it can see."""
        from jitcore.scripting.functions import compile_in

        known = self._compiled.get(function)
        if known is not None:
            return known
        made = compile_in(self, function, names)
        self._compiled[function] = made
        return made

    def compiled(self, function: Callable[..., Any]) -> Function | None:
        """A Python function if it was compiled already."""
        return self._compiled.get(function)

    def recompiled(self, scripted: Any) -> Function:
        """What torch compiled, compiled from its Python original; what it traced or loaded as it is."""
        from jitcore.scripting.modules.torch_modules import import_function, original_of

        known = self._compiled.get(scripted)
        if known is None:
            original = original_of(scripted)
            known = import_function(scripted) if original is None else self.compile_function(original)
            self._compiled[scripted] = known
        return known

    def overloads_of(self, function: Callable[..., Any]) -> list[Function]:
        """The functions that the overloads of a function were compiled to; empty if it has none.

        Overloads that were declared since the function was last used are its own too.
        """
        from jitcore.scripting.overloads import compile_waiting, compile_written, waiting_overloads

        known = self._overloads.get(function, [])
        waiting = waiting_overloads(function, self._used_overloads)
        if not known:
            # Those that were used are of other functions, which had the name before.
            known = compile_written(self, function, [*waiting, *self._used_overloads])
        if waiting:
            known = known + compile_waiting(self, function, waiting)
            self._used_overloads.update(waiting)
        if known:
            self._overloads[function] = known
        return known

    def is_overloaded(self, function: Callable[..., Any]) -> bool:
        """Whether a function has overloads, or is one."""
        from jitcore.scripting.overloads import waiting_overloads, written_before

        if function in self._overloads or waiting_overloads(function, self._used_overloads):
            return True
        return bool(written_before(function))

    def boolean_choice(self, function: Any) -> dict[str, Any] | None:
        """How a function chooses between two by a constant argument; None if it does not."""
        if not callable(function):
            return None
        try:
            return TORCH._jit_internal.boolean_dispatched.get(function)
        except TypeError:
            return None

    # --- types ----------------------------------------------------------------------------------

    def class_of(self, cls: type) -> ClassType | None:
        """The script class of a Python class if it was compiled already."""
        return self._classes.get(cls)

    def python_class(self, qualified_name: str) -> type | None:
        """The Python class that the script class of that name was compiled from; None if there is none."""
        for cls, kind in self._classes.items():
            if kind.qualified_name == qualified_name:
                return cls
        return None

    def register_class(self, cls: type, kind: ClassType) -> None:
        """Remember what a class was compiled to, or is being compiled to: of two, the first."""
        self._classes.setdefault(cls, kind)
        self.named_types[kind.qualified_name] = kind

    def forget_class(self, cls: type, kind: ClassType) -> None:
        """Take back a class that could not be compiled."""
        if self._classes.get(cls) is kind:
            del self._classes[cls]
        self.named_types.pop(kind.qualified_name, None)

    def compile_class(self, cls: type, at: SourceRange | None, names: Names | None = None) -> ClassType:
        """A script class, compiled now if it was not yet."""
        from jitcore.scripting.classes import class_met_again, compile_class

        known = self._classes.get(cls)
        if known is not None and cls in self._compiling:
            return class_met_again(self, cls, at)
        return compile_class(self, cls, at, names) if known is None else known

    @contextmanager
    def compiling(self, cls: type) -> Generator[None]:
        """Context in which the methods of a class are compiled."""
        self._compiling.append(cls)
        try:
            yield
        finally:
            self._compiling.pop()

    def times_compiling(self, cls: type) -> int:
        """How often the class is being compiled at the moment, once in itself."""
        return self._compiling.count(cls)

    def interface_of(self, cls: type) -> InterfaceType | None:
        """The interface that a Python class was declared to be; None if it is no interface."""
        from jitcore.scripting.interfaces import interface_of

        known = self._interfaces.get(cls)
        if known is None:
            known = interface_of(self, cls)
            if known is not None:
                self._interfaces[cls] = known
        return known

    def register_interface(self, cls: type, kind: InterfaceType) -> None:
        """Remember an interface."""
        self._interfaces[cls] = kind
        self.named_types[kind.qualified_name] = kind

    def enum_type(self, cls: type[enum.Enum], at: SourceRange | None) -> EnumType:
        """The type of an enum, an object of its own for each mention."""
        from jitcore.scripting.enums import read_enum

        known = self._enums.get(cls)
        if known is None:
            known = self._enums[cls] = read_enum(self, cls, at)
            self.named_types[known.qualified_name] = known
        return known.mention()

    def named_tuple(self, cls: Any, at: SourceRange | None, names: Names | None) -> TupleType:
        """The type of a class of named tuples; raises `SourceError` if another one has its name."""
        name = qualified_name(cls)
        made = read_named_tuple(self, cls, name, at, names)
        known = self.named_types.get(name)
        if isinstance(known, TupleType):
            if not is_subtype(known, made):
                raise error_at(at, f"Can't redefine NamedTuple: {made.repr_str}")
            return known
        self.named_types[name] = made
        return made


@cache
def shared_unit() -> CompilationUnit:
    """The unit that everything is compiled into unless another one is given."""
    return CompilationUnit()


def script_class(cls: type) -> ClassType:
    """What a class was compiled to. Raises `JitError` if it was not."""
    found = shared_unit().class_of(cls)
    if not isinstance(found, ClassType):
        raise JitError(f"{cls.__name__} is no class that was compiled; name a function, a module or a class")
    return found
