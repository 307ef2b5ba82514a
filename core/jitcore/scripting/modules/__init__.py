"""Compiles `torch.nn.Module`s: what their instances hold, and the methods that their classes define."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from jitcore.scripting.modules.compiler import ModuleCompiler
from jitcore.scripting.modules.prepared import prepared
from jitcore.scripting.unit import CompilationUnit, shared_unit

if TYPE_CHECKING:
    from torch.nn import Module

    from jitcore.ir import ScriptObject

__all__ = ["ModuleCompiler", "compile_module", "compiler_of", "prepared"]

_compilers: weakref.WeakKeyDictionary[CompilationUnit, ModuleCompiler] = weakref.WeakKeyDictionary()


def compiler_of(unit: CompilationUnit | None = None) -> ModuleCompiler:
    """The compiler of modules of a unit, of the shared one if none is given."""
    unit = unit or shared_unit()
    found = _compilers.get(unit)
    if found is None:
        found = _compilers[unit] = ModuleCompiler(unit)
    return found


def compile_module(module: Module, unit: CompilationUnit | None = None) -> ScriptObject:
    """Compile a module and all that it calls, as `torch.jit.script` does.

    Gives an object whose slots hold the module's own tensors and copies of its other values. Raises
    `JitError` for what TorchScript does not have.
    """
    return compiler_of(unit).compile(prepared(module))
