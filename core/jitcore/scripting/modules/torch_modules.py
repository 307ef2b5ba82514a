"""What torch traced or loaded: its code is read from what torch saves, its tensors are kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from jitcore.archive import open_archive
from jitcore.exec import Interpreter
from jitcore.ir import Function, ScriptObject
from jitcore.slots.slot_values import slot_value
from jitcore.slots.torch_names import TORCH
from jitcore.source import JitError
from jitcore.types import FunctionSchema

if TYPE_CHECKING:
    from jitcore.slots.compiles import KnownClasses


def import_module(module: torch.jit.ScriptModule, known: KnownClasses) -> ScriptObject:
    """The module as an object of ours that shares its tensors; `known` are the classes of Python that count.

    Raises `JitError` for a module that cannot be saved, since it calls Python.
    """
    made = _saved_and_opened(module, type(module).__name__)
    take_state(made, module, known)
    return made


def _saved_and_opened(compiled: Any, name: str) -> ScriptObject:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "module.pt")
        try:
            torch.jit.save(compiled, path)
        except RuntimeError as error:
            raise JitError(f"'{name}' was compiled by torch and cannot be taken over: {error}") from None
        loaded = open_archive(path)
        made = Interpreter().materializer.object(loaded.root)
        _compile_all(made)
    return made


def _compile_all(made: ScriptObject) -> None:
    """Compile every method while the file with the code is there."""
    for _, each in made.named_modules():
        for function in each.type.methods.values():
            function.graph  # type: ignore[attr-defined]  # noqa: B018  # class types are filled with ir.Function


def take_state(made: ScriptObject, module: Any, known: KnownClasses) -> None:
    """Give an object of ours the values that the module, which torch compiled of the same, has by now.

    Tensors are shared. Modules that are not there any more keep what they have.
    """
    owners = dict(module.named_modules(remove_duplicate=False))
    for path, each in made.named_modules():
        owner = owners.get(path)
        if owner is None:
            continue
        for name, slot in each.type.attributes.items():
            value = each.attributes[name]
            if isinstance(value, ScriptObject) and value.type.is_module:
                continue
            each.attributes[name] = slot_value(owner, name, slot.type, known)


def import_function(function: Any) -> Function:
    """A function that torch traced as one of ours. Raises `JitError` for one that cannot be saved."""
    loaded = _saved_and_opened(function, function.name)
    method = loaded.type.methods["forward"]
    assert isinstance(method, Function)
    graph = method.graph.copy()
    # Saved functions are methods of a module that stands for nothing.
    graph.block.erase_input(0)
    schema = FunctionSchema(function.name, "", method.schema.arguments[1:], method.schema.returns)
    return Function(function.qualified_name, schema, graph)


def original_of(function: Any) -> Callable[..., Any] | None:
    """The function of Python that torch compiled; None for one that it traced or loaded."""
    original = getattr(function, "_torchdynamo_inline", None)
    if original is None:
        return None
    # Traced functions remember theirs too, but torch finds only what it compiled.
    compiled = TORCH.jit._state._try_get_jit_cached_function(original)
    return original if compiled is not None and compiled.qualified_name == function.qualified_name else None
