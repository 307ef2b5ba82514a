"""Reads and writes the files in which the window remembers things; anything may be in their place."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
import time
from pathlib import Path

from jitviewer.plain_files import UnreadableFileError, kind_of, read_plain, reason_of

_LONGEST_LOCK = 4096
"""Bytes; Qt writes the number of a process and two names."""

_LOCK_IS_MADE_S = 2.0
"""Seconds that an empty lock is left alone for: its file is made, then locked, and then written to."""

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
    """Rename what cannot be read, so that it is neither lost nor met again; a sentence about it.

    Folders and devices stay where they are: they are there for something else.
    """
    names = [f"{path.name}.unreadable", *(f"{path.name}.unreadable{n}" for n in range(2, _MOST_ASIDE + 1))]
    free = next((name for name in names if not os.path.lexists(path.parent / name)), names[-1])
    try:
        if not _may_be_replaced(path):
            raise UnreadableFileError(reason)
        path.replace(path.parent / free)
    except OSError:
        return f"{path.name} cannot be read, and was left alone: {reason}."
    return f"{path.name} cannot be read, and is now called {free}: {reason}."


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises `OSError`.

    What stands in its place is replaced, not written to: a link there leads to somebody else's file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(path) and not _may_be_replaced(path):
        raise UnreadableFileError(f"{path} is {kind_of(path.lstat().st_mode)}")
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


def _may_be_replaced(path: Path) -> bool:
    mode = path.lstat().st_mode
    return not (stat.S_ISDIR(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode))


def clear_way_for_lock(path: Path) -> None:
    """Take away what stands in the place of a lock and is none, or is one that nobody holds.

    Qt would wait for a pipe, or read all of a file. A lock that it cannot read, or that was made on another
    machine, it takes for held for ever; but whoever holds one has the file locked at the system too.
    """
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LONGEST_LOCK:
        set_aside(path, "")
    elif status.st_size or abs(time.time() - status.st_mtime) > _LOCK_IS_MADE_S:
        _take_away_unheld(path)


def _take_away_unheld(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return
    try:
        if sys.platform != "win32":
            # Windows removes no file that somebody has open.
            import fcntl  # Windows has none

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except OSError:
        # It is held, or the file system knows no locks, and then Qt's word has to do.
        return
    finally:
        os.close(descriptor)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            path.unlink()
