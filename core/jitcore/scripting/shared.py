"""The compilers of all that a process compiles, as torch.jit has one for all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.scripting.modules.compiler import ModuleCompiler
from jitcore.scripting.modules.prepared import prepared

if TYPE_CHECKING:
    from torch.nn import Module

    from jitcore.ir import ScriptObject


@cache
def shared_compiler() -> ScriptCompiler:
    """What compiles functions and classes."""
    return ScriptCompiler(CompiledProgram())


@cache
def shared_module_compiler() -> ModuleCompiler:
    """What compiles modules."""
    return ModuleCompiler(shared_compiler())


def compile_module(module: Module) -> ScriptObject:
    """Compile a module and all that it calls, as `torch.jit.script` does.

    Gives an object whose slots hold the module's own tensors and copies of its other values. Raises
    `JitError` for what TorchScript does not have.
    """
    return shared_module_compiler().compile(prepared(module))
