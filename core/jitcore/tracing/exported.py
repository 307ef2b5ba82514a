"""Modules with methods that are to be compiled beside those that are traced."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from jitcore.scripting import markers
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.shared import shared_module_compiler

if TYPE_CHECKING:
    from torch.nn import Module


def has_exports(module: Module) -> bool:
    """Whether some method is marked to be compiled."""
    return bool(exported_methods(module))


def exported_methods(module: Module) -> list[str]:
    """The names of the methods that are marked to be compiled."""
    kind = type(module)
    # What classes hold, as far as asking an object for it would only bind it.
    known = markers.held_by_classes(kind) if kind.__getattribute__ is object.__getattribute__ else {}
    own = vars(module)
    found: list[str] = []
    for name in dir(module):
        held: Any = known.get(name)
        if not isinstance(held, FunctionType) or name in own:
            held = getattr(module, name, None)
        elif not held.__dict__:
            continue
        if callable(held) and markers.modifier_of(held) == "export":
            found.append(name)
    return found


def with_exported_methods(module: Module) -> RecursiveScriptModule:
    """The module with these methods compiled, and no others."""
    made = shared_module_compiler().compile_exported(module)
    return RecursiveScriptModule(made, shared_machine(), python=module)
