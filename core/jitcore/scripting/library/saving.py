"""Compiled modules and functions to archives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from jitcore.archive.writing import CompiledGraphs, write_module
from jitcore.ir import ScriptObject
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.library.torch_values import TorchValues
from jitcore.scripting.shared import shared_compiler
from jitcore.slots.wrappers import function_of, script_object_of
from jitcore.source import JitError
from jitcore.types import BOOL, ClassType, OptionalType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitcore.scripting.library.machine import Machine


def save(m: Any, f: Any, _extra_files: Mapping[str, Any] | None = None) -> None:
    """Write a compiled module or function to a file, or to anything that has `write`.

    `_extra_files` are written along with it; without them, those of the archive that the module was loaded
    from are.
    """
    if isinstance(f, str | Path):
        m.save(str(f), _extra_files=_extra_files)
    else:
        f.write(m.save_to_buffer(_extra_files=_extra_files))


def save_compiled(compiled: Any, target: BinaryIO, folder: str) -> None:
    """Write the archive of a compiled function, module or class, and the graphs as they were compiled.

    `folder` is the archive's own. Raises RuntimeError for what cannot be written.
    """
    if isinstance(compiled, type):
        kind = shared_compiler().script_class(compiled)
        _write(_holder(kind), shared_machine(), target, folder, CompiledGraphs(kind))
        return
    module = script_object_of(compiled)
    root = compiled.as_module() if module is None else module
    _write(root, vars(compiled)["_machine"], target, folder, CompiledGraphs(function_of(compiled)))


def _write(
    root: ScriptObject, machine: Machine, target: BinaryIO, folder: str, graphs: CompiledGraphs
) -> None:
    try:
        write_module(root, target, folder, None, TorchValues(machine), graphs)
    except JitError as error:
        raise raised(error) from error


def _holder(kind: ClassType) -> ScriptObject:
    """A module that makes an archive have the code of a class, with no object of it."""
    holder = ClassType("__torch__.ClassHolder", is_module=True)
    holder.add_attribute("training", BOOL)
    holder.add_attribute("held", OptionalType(kind))
    return ScriptObject(holder, {"training": True, "held": None})
