"""Modules that torch compiled already: their code is read from what torch saves, their tensors are kept."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import torch

from jitcore.archive import open_archive
from jitcore.exec import Interpreter
from jitcore.ir import ScriptObject
from jitcore.source import JitError


def import_module(module: torch.jit.ScriptModule) -> ScriptObject:
    """The module as an object of ours that shares its tensors.

    Raises `JitError` for a module that cannot be saved, since it calls Python.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "module.pt"
        try:
            torch.jit.save(module, path)
        except RuntimeError as error:
            raise JitError(
                f"'{type(module).__name__}' was compiled by torch and cannot be taken over: {error}"
            ) from None
        loaded = open_archive(path)
        made = Interpreter().materializer.object(loaded.root)
        _compile_all(made)
    _share_tensors(made, module)
    return made


def _compile_all(made: ScriptObject) -> None:
    """Compile every method while the file with the code is there."""
    for _, each in made.named_modules():
        for function in each.type.methods.values():
            function.graph  # type: ignore[attr-defined]  # noqa: B018  # class types are filled with ir.Function


def _share_tensors(made: ScriptObject, module: Any) -> None:
    owners = dict(module.named_modules(remove_duplicate=False))
    for path, each in made.named_modules():
        owner = owners.get(path)
        if owner is None:
            continue
        for name, value in each.attributes.items():
            if isinstance(value, torch.Tensor):
                each.attributes[name] = owner._c.getattr(name)
