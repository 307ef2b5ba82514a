"""`script`: functions and classes of Python to compiled ones."""

from __future__ import annotations

import enum
import inspect
import weakref
from typing import TYPE_CHECKING, Any

import torch

from jitcore.scripting.functions import compile_function
from jitcore.scripting.library.from_python import to_object
from jitcore.scripting.library.machine import shared_machine
from jitcore.scripting.library.script_class import RecursiveScriptClass
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.library.script_module import ScriptModule
from jitcore.scripting.unit import shared_unit
from jitcore.source import JitError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

_FUNCTIONS: weakref.WeakKeyDictionary[Callable[..., Any], ScriptFunction] = weakref.WeakKeyDictionary()


def script(
    obj: Any,
    optimize: object = None,
    _frames_up: int = 0,
    _rcb: object = None,
    example_inputs: object = None,
) -> Any:
    """Compile a function, or a class, which is then known to whatever is compiled.

    A function gives a `ScriptFunction`, a class itself. Raises RuntimeError, with the place in the program,
    for what TorchScript does not have. The parameters after the first are those of `torch.jit.script`.
    """
    if isinstance(obj, ScriptModule | ScriptFunction | RecursiveScriptClass):
        return obj
    try:
        return _compiled(obj)
    except JitError as error:
        raise RuntimeError(_explained(error)) from error


def _compiled(obj: Any) -> Any:
    if isinstance(obj, torch.jit.ScriptFunction):
        original = getattr(obj, "_torchdynamo_inline", None)
        return ScriptFunction(shared_unit().recompiled(obj, None), shared_machine(), original)
    if inspect.isclass(obj):
        return _compiled_class(obj)
    if inspect.isfunction(obj) or inspect.ismethod(obj):
        return _compiled_function(obj)
    kind = type(obj)
    if kind.__module__ == "builtins":
        raise TypeError(f"{kind} is a built-in class")
    _compiled_class(kind)
    compiled = shared_unit().compile_class(kind, None)
    return RecursiveScriptClass(to_object(obj, compiled), shared_machine())


def _compiled_function(function: Any) -> ScriptFunction:
    known = _FUNCTIONS.get(function)
    if known is None:
        compiled = compile_function(function)
        known = ScriptFunction(compiled, shared_machine(), function)
        _FUNCTIONS[function] = known
    return known


def _compiled_class(cls: type) -> type:
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
    if shared_unit().interface_of(cls) is None:
        shared_unit().compile_class(cls, None)
    return cls


def _explained(error: JitError) -> str:
    """The message of an error with the lines that it is about, as torch words it."""
    if not isinstance(error, SourceError) or not error.excerpt:
        return str(error)
    file, _, place = error.location.rpartition(":")[0].rpartition(":")
    return f'\n{error.message}:\n  File "{file}", line {place}\n{error.excerpt}\n'
