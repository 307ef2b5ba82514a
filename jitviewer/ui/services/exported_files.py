"""Writes what a person exports: whole or not at all, and never to what would hold the window up."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from jitviewer.plain_files import kind_of, reason_of


def write_exported(path: str, data: bytes) -> str:
    """Put a file there; gives "" or why it cannot be written.

    A pipe or a device is refused: whoever reads it may let the writer wait for ever. A file that is there is
    replaced once the new one is whole, since it may be one that is open here.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _mode_at(target)
        descriptor, made = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            Path(made).chmod(mode)
            Path(made).replace(target)
        except OSError:
            Path(made).unlink(missing_ok=True)
            raise
    except OSError as error:
        return reason_of(error)
    except ValueError:
        return "its name has a character that no file's name has"
    return ""


def _mode_at(target: Path) -> int:
    """The permissions of the file that is there, or of a new one. Raises `OSError` for what is no file."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    if not stat.S_ISREG(found):
        raise OSError(f"it is {kind_of(found)}, not a file")
    return stat.S_IMODE(found)
