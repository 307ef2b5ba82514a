"""`script`: functions, modules and classes of Python to compiled ones."""

from __future__ import annotations

import enum
import inspect
import weakref
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.scripting.library.containers import ScriptDict, ScriptList, shared_container
from jitcore.scripting.library.defining import caller_of, names_of
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.examples import typed_by_examples
from jitcore.scripting.library.marked_modules import ScriptModule, compile_marked_with
from jitcore.scripting.library.script_class import RecursiveScriptClass
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.modules.prepared import prepared
from jitcore.scripting.names import CallbackNames, Names
from jitcore.scripting.shared import shared_compiler, shared_module_compiler
from jitcore.slots.from_python import to_object
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

_FUNCTIONS: weakref.WeakKeyDictionary[Callable[..., Any], ScriptFunction] = weakref.WeakKeyDictionary()


def script(
    obj: Any,
    optimize: object = None,
    _frames_up: int = 0,
    _rcb: Callable[[str], Any] | None = None,
    example_inputs: Iterable[tuple[Any, ...]] | Mapping[Any, Iterable[tuple[Any, ...]]] | None = None,
) -> Any:
    """Compile a function, a module, or a class, which is then known to whatever is compiled.

    A function gives a `ScriptFunction`, a module a `RecursiveScriptModule` over the same parameters, a class
    itself, a list or dict of modules one of compiled modules, and one of values a `ScriptList` or
    `ScriptDict` that compiled code shares. `example_inputs` are tuples of arguments
    of a function or of a module's `forward`, or by modules and methods the tuples of each: they are called
    first, and parameters without annotations get the types that they had then. `_rcb` gives the names in a
    class or a function their meaning, instead of what is visible there. Raises what torch raises, with the
    place in the program, for what TorchScript does not have: an error of `torch.jit.frontend`, RuntimeError
    and others. The other parameters are those of
    `torch.jit.script`.
    """
    if isinstance(obj, ScriptModule | ScriptFunction | RecursiveScriptClass | ScriptList | ScriptDict):
        return obj
    compiler = shared_compiler()
    try:
        with nullcontext() if example_inputs is None else typed_by_examples(obj, example_inputs, compiler):
            if inspect.isclass(obj):
                return _compiled_class(obj, names_of(_rcb, caller_of(_frames_up + 1)))
            names = None if _rcb is None else CallbackNames(_rcb)
            if example_inputs is not None and inspect.isfunction(obj):
                # Not the one that was compiled without types, nor one for others.
                return ScriptFunction(compiler.compile_anew(obj, names), shared_machine(), obj)
            if names is not None and inspect.isfunction(obj):
                return _compiled_function(obj, names)
            return _compiled(obj)
    except JitError as error:
        raise raised(error) from error


compile_marked_with(script)


def _compiled(obj: Any) -> Any:
    if isinstance(obj, torch.jit.ScriptFunction):
        original = getattr(obj, "_torchdynamo_inline", None)
        return ScriptFunction(shared_compiler().recompiled(obj), shared_machine(), original)
    if isinstance(obj, torch.nn.Module):
        module = prepared(obj)
        compiled = shared_module_compiler().compile(module)
        return RecursiveScriptModule(compiled, shared_machine(), python=module)
    if not inspect.isroutine(obj) and hasattr(obj, "__prepare_scriptable__"):
        return script(obj.__prepare_scriptable__())
    if inspect.isfunction(obj) or inspect.ismethod(obj):
        return _compiled_function(obj)
    if isinstance(obj, list):
        items = cast("list[Any]", obj)
        if not _are_modules(items):
            return shared_container(items, shared_machine())
        return [_compiled(item) for item in items]
    if isinstance(obj, dict):
        named = cast("dict[Any, Any]", obj)
        if not _are_modules(named.values()):
            return shared_container(named, shared_machine())
        return {name: _compiled(module) for name, module in named.items()}
    kind = type(obj)
    if kind.__module__ == "builtins":
        raise TypeError(f"{kind} is a built-in class")
    _compiled_class(kind)
    compiled = shared_compiler().compile_class(kind, None)
    return RecursiveScriptClass(to_object(obj, compiled, shared_compiler()), shared_machine())


def _compiled_function(function: Any, names: Names | None = None) -> ScriptFunction:
    known = _FUNCTIONS.get(function)
    if known is None:
        compiled = shared_compiler().compile_directly(function, names)
        known = ScriptFunction(compiled, shared_machine(), function)
        _FUNCTIONS[function] = known
    return known


def _are_modules(things: Collection[Any]) -> bool:
    return bool(things) and all(isinstance(thing, torch.nn.Module) for thing in things)


def _compiled_class(cls: type, names: Names | None = None) -> type:
    """The class, which is compiled; `names` are those that are visible where that is asked for."""
    if issubclass(cls, torch.nn.Module):
        raise JitError(
            f"Type '{cls}' cannot be compiled since it inherits from nn.Module, pass an instance instead"
        )
    if issubclass(cls, enum.Enum):
        return cls
    if len(cls.mro()) > 2:
        raise JitError(
            "TorchScript classes does not support inheritance yet. Please directly inherit from 'object'."
        )
    if shared_compiler().interface_of(cls) is None:
        shared_compiler().compile_class(cls, None, names)
    return cls
