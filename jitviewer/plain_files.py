"""Reads files that may be anything: a pipe, a device, a folder, or longer than memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

LONGEST_PATH = 4096
"""Letters of a path that a system takes; stored paths that are longer lead nowhere."""


class UnreadableFileError(OSError):
    """A file is there, but cannot be read as one; `str()` says why, without its name."""


def read_plain(path: str | Path, most: int) -> bytes:
    """The content of a regular file of at most `most` bytes. Raises `OSError`; never waits for a writer."""
    try:
        # A pipe would wait for somebody to write to it, some devices for a signal on a line.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags | getattr(os, "O_NOCTTY", 0))
    except ValueError as error:
        raise UnreadableFileError(str(error)) from error
    try:
        return read_descriptor(descriptor, most)
    finally:
        os.close(descriptor)


def read_descriptor(descriptor: int, most: int) -> bytes:
    """The content of a file that is open, under the same conditions. Raises `OSError`."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError(f"it is {kind_of(status.st_mode)}, not a file")
    if status.st_size > most:
        raise UnreadableFileError(f"it has {status.st_size:,} bytes, more than {most:,}")
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        # It may grow meanwhile, and files that the system makes up have no size.
        content = stream.read(most + 1)
    if len(content) > most:
        raise UnreadableFileError(f"it has more than {most:,} bytes")
    return content


def is_plain_file(path: str) -> bool:
    """Whether there is a regular file; False too where the path is none that the system takes."""
    if len(path) > LONGEST_PATH:
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  # of a text that may be no path
    except (OSError, ValueError):
        return False


def kind_of(mode: int) -> str:
    """What something that is no regular file is, with its article."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def reason_of(error: OSError) -> str:
    """Why a file cannot be read, in words."""
    return error.strerror or str(error)
