"""Modules with methods that are to be compiled beside those that are traced."""

from __future__ import annotations

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
    found: list[str] = []
    for name in dir(module):
        held: Any = getattr(module, name, None)
        if callable(held) and markers.modifier_of(held) == "export":
            found.append(name)
    return found


def with_exported_methods(module: Module) -> RecursiveScriptModule:
    """The module with these methods compiled, and no others."""
    made = shared_module_compiler().compile_exported(module)
    return RecursiveScriptModule(made, shared_machine(), python=module)
