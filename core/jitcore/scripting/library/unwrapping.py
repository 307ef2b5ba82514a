"""What stands behind the objects of the library: a program, of which methods are asked for."""

from __future__ import annotations

from typing import Any

from jitcore.requests.program import Program
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.shared import shared_compiler
from jitcore.slots.wrappers import script_object_of
from jitcore.source import JitError


def program_of(compiled: Any) -> Program:
    """The program that a compiled function, class or module is. Raises `JitError` for anything else."""
    if isinstance(compiled, ScriptFunction):
        return Program("", compiled.compiled)
    if isinstance(compiled, type):
        return Program("", shared_compiler().script_class(compiled))
    root = script_object_of(compiled)
    if root is None or not root.type.is_module:
        raise JitError(f"a {type(compiled).__name__} has no graph of its own; name a function or a module")
    return Program("", root)
