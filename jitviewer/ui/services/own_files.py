"""Reads and writes the files in which the window remembers things; anything may be in their place."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from jitviewer.plain_files import read_plain, reason_of

_MOST_ASIDE = 9
"""Files that are set aside beside each other; the last one makes room for the next."""


def read_own(path: Path, most: int) -> tuple[bytes | None, str]:
    """The content of a file and ""; or None and why it cannot be read, which is "" where there is no file."""
    try:
        return read_plain(path, most), ""
    except (FileNotFoundError, NotADirectoryError):
        # A link that leads nowhere is in the way of nothing: it is replaced when the file is written.
        return None, ""
    except OSError as error:
        return None, reason_of(error)


def set_aside(path: Path, reason: str) -> str:
    """Rename what cannot be read, so that it is neither lost nor met again; a sentence about it."""
    names = [f"{path.name}.unreadable", *(f"{path.name}.unreadable{n}" for n in range(2, _MOST_ASIDE + 1))]
    free = next((name for name in names if not os.path.lexists(path.with_name(name))), names[-1])
    try:
        path.replace(path.with_name(free))
    except (OSError, ValueError):
        return f"{path.name} cannot be read, and was left alone: {reason}."
    return f"{path.name} cannot be read, and is now called {free}: {reason}."


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises `OSError`.

    What stands in its place is replaced, not written to: a link there leads to somebody else's file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under a name that nobody can have prepared.
    descriptor, made = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(made).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(made).unlink()
        raise


def clear_way_for_lock(path: Path) -> None:
    """Set aside what is no file in the place of a lock: Qt would wait for somebody to write to a pipe."""
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return
    if not stat.S_ISREG(mode):
        set_aside(path, "")
