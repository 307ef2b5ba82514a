"""Archives to compiled modules."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from jitcore.archive.container import Archive
from jitcore.archive.flat_model import FlatModel
from jitcore.archive.importer import LoadedArchive, module_of
from jitcore.archive.zip_records import ZipRecords
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import make_machine
from jitcore.scripting.shared import shared_compiler
from jitcore.source import JitError


def load(
    f: str | os.PathLike[str] | Any,
    map_location: str | torch.device | None = None,
    _extra_files: dict[str, Any] | None = None,
    _restore_shapes: bool = False,
) -> RecursiveScriptModule:
    """The module in an archive, given by its path or as anything that has `read`.

    Its tensors go where they were when they were saved, or to `map_location`. The names in `_extra_files`
    get the contents of the archive's extra files. Raises ValueError for a path without a file and
    RuntimeError for a file that cannot be read. `_restore_shapes` is accepted and says nothing here.
    """
    device = _device(map_location)
    try:
        archive, file = _opened(f)
        machine = make_machine(shared_compiler(), device, file)
        saved = module_of(archive) if isinstance(archive, FlatModel) else LoadedArchive(archive).root
        root = machine.interpreter.materializer.object(saved)
        for name in _extra_files or ():
            assert _extra_files is not None
            _extra_files[name] = archive.extra_file(name) if name in archive.extra_files() else b""
    except JitError as error:
        raise raised(error) from error

    def kept_files() -> dict[str, bytes]:
        return {name: archive.extra_file(name) for name in archive.extra_files()}

    return RecursiveScriptModule(root, machine, kept_files)


def _device(map_location: Any) -> torch.device | None:
    if map_location is None or isinstance(map_location, torch.device):
        return map_location
    if isinstance(map_location, str):
        return torch.device(map_location)
    raise ValueError(
        f"map_location should be either None, string or torch.device, but got type: {type(map_location)}"
    )


def _opened(f: Any) -> tuple[Archive | FlatModel, str | None]:
    """The archive or flatbuffer, and the path of its file if it has one."""
    if isinstance(f, str | os.PathLike):
        path = os.fspath(f)
        if not Path(path).exists():
            raise ValueError(f"The provided filename {path} does not exist")
        if Path(path).is_dir():
            raise ValueError(f"The provided filename {path} is a directory")
        with Path(path).open("rb") as file:
            if FlatModel.is_one(file.read(8)):
                file.seek(0)
                return FlatModel(file.read(), path), path
        return Archive.open(path), path
    data = bytes(f.read())
    if FlatModel.is_one(data[:8]):
        return FlatModel(data, "the stream"), None
    return Archive(ZipRecords(data, "the stream")), None
