"""The machine that runs all that a process compiles, and the machines of what it loads."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jitcore.scripting.library.machine import Machine
from jitcore.scripting.library.script_class import RecursiveScriptClass
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.shared import shared_compiler

if TYPE_CHECKING:
    import torch

    from jitcore.ir import ScriptObject
    from jitcore.slots.compiles import KnownClasses


def make_machine(
    known: KnownClasses, device: str | torch.device | None = None, file: str | None = None
) -> Machine:
    """A machine for a program of its own; see `Machine`."""
    return Machine(known, _wrapped, device, file)


@cache
def shared_machine() -> Machine:
    """The machine of all that is compiled in this process."""
    return make_machine(shared_compiler())


def _wrapped(value: ScriptObject, machine: Machine) -> Any:
    return (RecursiveScriptModule if value.type.is_module else RecursiveScriptClass)(value, machine)
