"""What of a module is not compiled and stays as it is in Python, or stands before what modules have."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, Any

from torch.nn import Module

from jitcore.scripting import markers
from jitcore.scripting.library import object_access

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.ir import ScriptObject
    from jitcore.scripting.library.machine import Machine
    from jitcore.scripting.library.script_method import ScriptMethod


def left_to_python(compiled: Module, python: Module) -> dict[str, Any]:
    """Methods of `python` that are marked to be ignored, bound to `compiled`, and attributes that are.

    A property that its class ignores is there itself, as in torch: reading it computes nothing.
    """
    kind = type(python)
    found: dict[str, Any] = {}
    ignored: Iterable[str] = getattr(kind, "__jit_ignored_attributes__", ())
    for name in ignored:
        declared = inspect.getattr_static(kind, name, None)
        if isinstance(declared, property):
            found[name] = declared
        elif hasattr(python, name):
            found[name] = getattr(python, name)
    marked = {
        name: held
        for name, held in markers.held_by_classes(kind).items()
        if isinstance(held, FunctionType) and held.__dict__
    }
    for name, function in sorted(marked.items()):
        if markers.is_ignored(function):
            # One that was set on the object itself stands before that of the class.
            own = python.__dict__.get(name)
            bound = own.__func__ if inspect.ismethod(own) else function
            found[name] = bound.__get__(compiled)
    return found


def exported_before_module(owner: ScriptObject, machine: Machine, python: Module) -> dict[str, ScriptMethod]:
    """Compiled methods of names that `torch.nn.Module` has methods of too, such as `extra_repr`.

    Those that are marked to be exported stand before the module's own, as in torch; others do not.
    """
    kind = type(python)
    found: dict[str, ScriptMethod] = {}
    for name in owner.type.methods:
        # Looked up without binding: what stands there may be a descriptor that only instances take.
        function = inspect.getattr_static(kind, name, None)
        hides = name != "forward" and inspect.getattr_static(Module, name, None) is not None
        if hides and inspect.isfunction(function) and markers.modifier_of(function) == "export":
            compiled = object_access.method(owner, name, machine, kind)
            if compiled is not None:
                found[name] = compiled
    return found
