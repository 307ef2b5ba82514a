"""Compiled modules to archives: to a file, or to bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jitcore.archive.writing import save_module, write_module
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.torch_values import TorchValues
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitcore.ir import ScriptObject
    from jitcore.scripting.library.machine import Machine


def save_object(
    root: ScriptObject,
    machine: Machine,
    file: str,
    extra_files: Mapping[str, Any] | None,
) -> None:
    """Write the archive of a module to a file; raises RuntimeError for what cannot be written."""
    folder = Path(file).parent
    if not folder.is_dir():
        raise RuntimeError(f"Parent directory {folder} does not exist.")
    try:
        save_module(root, file, _contents(extra_files), TorchValues(machine))
    except JitError as error:
        raise raised(error) from error


def module_bytes(root: ScriptObject, machine: Machine, extra_files: Mapping[str, Any] | None) -> bytes:
    """The archive of a module."""
    buffer = io.BytesIO()
    try:
        write_module(root, buffer, extra_files=_contents(extra_files), runtime=TorchValues(machine))
    except JitError as error:
        raise raised(error) from error
    return buffer.getvalue()


def _contents(extra_files: Mapping[str, Any] | None) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for name, content in (extra_files or {}).items():
        if not isinstance(content, str | bytes | bytearray):
            raise TypeError(f"the extra file '{name}' is a {type(content).__name__}, not text or bytes")
        contents[name] = content.encode() if isinstance(content, str) else bytes(content)
    return contents
