"""Compiles Python functions and classes into one program, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.scripting.advice import advised
from jitcore.scripting.classes import compile_class
from jitcore.scripting.constants import PythonConstants
from jitcore.scripting.enums import read_enum
from jitcore.scripting.explained import explained
from jitcore.scripting.functions import compile_in
from jitcore.scripting.interfaces import interface_of
from jitcore.scripting.modules.methods import overloaded_methods
from jitcore.scripting.modules.torch_modules import import_function, original_of
from jitcore.scripting.named_tuples import read_named_tuple
from jitcore.scripting.overloads import compile_waiting, compile_written, waiting_overloads, written_before
from jitcore.scripting.python_types import PythonTypes, can_compile_class
from jitcore.scripting.sources import annotation_range
from jitcore.slots.qualified_names import qualified_name
from jitcore.slots.torch_names import TORCH
from jitcore.source import JitError, SourceError, error_at
from jitcore.types import ClassType, EnumType, InterfaceType, TupleType, Type, is_subtype

if TYPE_CHECKING:
    import enum
    from collections.abc import Callable

    from jitcore.frontend.constants import TypedConstant
    from jitcore.ir import Function
    from jitcore.scripting.compiled_program import CompiledProgram
    from jitcore.scripting.names import Names
    from jitcore.source import SourceRange


class ScriptCompiler:
    """Compiles what is asked for, if `program` does not have it yet.

    Whatever reads a part of a definition is given the compiler, and asks it for what that part names.
    `types` and `constants` read Python objects. It is the `SlotCompiler` of modules.
    """

    def __init__(self, program: CompiledProgram) -> None:
        self.program = program
        self.types = PythonTypes(self)
        self.constants = PythonConstants(self)

    # --- functions ------------------------------------------------------------------------------

    def compile_directly(self, function: Callable[..., Any], names: Names | None = None) -> Function:
        """Compile a Python function that a person gives, and all that it calls.

        The result is what `torch.jit.script` makes: the same graph, schema and code. `names` are those of the
        function, if not those of its closure and its globals. Raises `SourceError` for what TorchScript does
        not have, and `JitError` for a function that cannot stand alone.
        """
        if hasattr(function, "__script_unsupported"):
            raise JitError(f"TorchScript error: {getattr(function, '__script_unsupported')}")
        if self.is_overloaded(function):
            raise JitError(
                f"Function {qualified_name(function)} cannot be directly compiled because it is overloaded. "
                "It must be used in a context of a function where its inputs can determine which overload to "
                "call."
            )
        try:
            return self.compile_function(function, names)
        except SourceError as error:
            raise advised(error) from error

    def compile_function(self, function: Callable[..., Any], names: Names | None = None) -> Function:
        """A Python function, compiled now if it was not yet; `names` are its own, if not what it can see."""
        known = self.program.compiled.get(function)
        if known is not None:
            return known
        made = compile_in(self, function, names)
        self.program.compiled[function] = made
        return made

    def compile_anew(self, function: Callable[..., Any], names: Names | None = None) -> Function:
        """A Python function, compiled once more and not remembered."""
        return compile_in(self, function, names)

    def function_in_slot(self, function: Callable[..., Any]) -> Function | str:
        """See `SlotCompiler`."""
        try:
            return self.compile_function(function)
        except JitError as error:
            return explained(error)

    def recompiled(self, scripted: Any) -> Function:
        """What torch compiled, compiled from its Python original; what it traced or loaded as it is."""
        compiled = self.program.compiled
        known = compiled.get(scripted)
        if known is None:
            original = original_of(scripted)
            known = import_function(scripted) if original is None else self.compile_function(original)
            compiled[scripted] = known
        return known

    def overloads_of(self, function: Callable[..., Any]) -> list[Function]:
        """The functions that the overloads of a function were compiled to; empty if it has none.

        Overloads that were declared since the function was last used are its own too.
        """
        program = self.program
        known = program.overloads.get(function, [])
        waiting = waiting_overloads(function, program.used_overloads)
        if not known:
            # Those that were used are of other functions, which had the name before.
            known = compile_written(self, function, [*waiting, *program.used_overloads])
        if waiting:
            known = known + compile_waiting(self, function, waiting)
            program.used_overloads.update(waiting)
        if known:
            program.overloads[function] = known
        return known

    def is_overloaded(self, function: Callable[..., Any]) -> bool:
        """Whether a function has overloads, or is one."""
        program = self.program
        if function in program.overloads or waiting_overloads(function, program.used_overloads):
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

    def method_variants(self, module: Any) -> dict[str, list[str]]:
        """See `SlotCompiler`."""
        variants = overloaded_methods(module)
        return {name: [each.name for each in found] for name, found in variants.items()}

    # --- types ----------------------------------------------------------------------------------

    def type_of(self, annotation: Any, at: SourceRange | None) -> Type:
        """The type that an annotation stands for; raises `SourceError` if it is none."""
        return self.types.type_of(annotation, at)

    def annotation_range(self, cls: type, name: str) -> SourceRange | None:
        """Where a class annotates an attribute; None where no source says it."""
        return annotation_range(cls, name)

    def constant(self, value: Any) -> TypedConstant:
        """A value as a constant of the type that it has by itself; raises `SourceError` for what is none."""
        return self.constants.typed(value, None)

    def class_of(self, cls: type) -> ClassType | None:
        """The script class of a Python class if it was compiled already."""
        return self.program.classes.get(cls)

    def python_class(self, qualified_name: str) -> type | None:
        """The Python class that the script class of that name was compiled from; None if there is none."""
        return self.program.class_named(qualified_name)

    def compile_class(self, cls: type, at: SourceRange | None, names: Names | None = None) -> ClassType:
        """A script class, compiled now if it was not yet."""
        known = self.program.classes.get(cls)
        return compile_class(self, cls, at, names) if known is None else known

    def instance_type(self, cls: type) -> ClassType | None:
        """See `SlotCompiler`."""
        known = self.program.classes.get(cls)
        if known is None and can_compile_class(cls):
            try:
                known = self.compile_class(cls, None)
            except JitError:
                return None
        return None if known is None or known.is_module else known

    def script_class(self, cls: type) -> ClassType:
        """What a class was compiled to. Raises `JitError` if it was not."""
        found = self.program.classes.get(cls)
        if found is None:
            raise JitError(
                f"{cls.__name__} is no class that was compiled; name a function, a module or a class"
            )
        return found

    def interface_of(self, cls: type) -> InterfaceType | None:
        """The interface that a Python class was declared to be; None if it is no interface."""
        interfaces = self.program.interfaces
        known = interfaces.get(cls)
        if known is None:
            known = interface_of(self, cls)
            if known is not None:
                interfaces[cls] = known
        return known

    def enum_type(self, cls: type[enum.Enum], at: SourceRange | None) -> EnumType:
        """The type of an enum, an object of its own for each mention; raises `SourceError` if it has none."""
        program = self.program
        known = program.enums.get(cls)
        if known is None:
            known = program.enums[cls] = read_enum(self, cls, at)
            program.named_types[known.qualified_name] = known
        return known.mention()

    def named_tuple(self, cls: Any, at: SourceRange | None, names: Names | None) -> TupleType:
        """The type of a class of named tuples; raises `SourceError` if another one has its name."""
        name = qualified_name(cls)
        made = read_named_tuple(self, cls, name, at, names)
        known = self.program.named_types.get(name)
        if isinstance(known, TupleType):
            if not is_subtype(known, made):
                raise error_at(at, f"Can't redefine NamedTuple: {made.repr_str}")
            return known
        self.program.named_types[name] = made
        return made
