"""Reads files that may be anything: a pipe, a device, a folder, or longer than memory."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_PART = 1 << 22
LONGEST_PATH = 4096
"""Letters of a path that a system takes; stored paths that are longer lead nowhere."""


class UnreadableFileError(OSError):
    """A file is there, but cannot be read as one; `str()` says why, without its name."""


@contextmanager
def open_plain(file: str | Path | int) -> Generator[tuple[BinaryIO, int]]:
    """A regular file and its size in bytes; a number is a descriptor of the caller.

    Raises `OSError`; never waits for somebody to write to a pipe.
    """
    try:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        is_open = isinstance(file, int)
        descriptor = os.dup(file) if is_open else os.open(file, flags | getattr(os, "O_NOCTTY", 0))
    except ValueError as error:
        raise UnreadableFileError(str(error)) from error
    except OSError as error:
        # A socket, or the terminal of a process that has none, is not opened at all.
        if error.errno == errno.ENXIO and not isinstance(file, int):
            raise UnreadableFileError(f"it is {kind_of(os.stat(file).st_mode)}, not a file") from error  # noqa: PTH116
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError(f"it is {kind_of(status.st_mode)}, not a file")
        if is_open:
            # Whoever else has it may have read in it.
            os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            yield stream, status.st_size
    finally:
        os.close(descriptor)


def read_plain(file: str | Path | int, most: int) -> bytes:
    """The content of a regular file of at most `most` bytes. Raises `OSError`."""
    with open_plain(file) as (stream, size):
        if size > most:
            raise UnreadableFileError(f"it has {size:,} bytes, more than {most:,}")
        # It may grow meanwhile, and files that the system makes up have no size. Asking for all that may come
        # would take memory for it.
        parts: list[bytes] = []
        left = most
        while left >= 0 and (part := stream.read(min(_PART, left + 1))):
            parts.append(part)
            left -= len(part)
    if left < 0:
        raise UnreadableFileError(f"it has more than {most:,} bytes")
    return b"".join(parts)


def as_text(content: bytes) -> str:
    """UTF-8 as Python reads it from files. Raises `UnicodeDecodeError`."""
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8").read()


def absolute(path: str) -> str:
    """The path from the root; as it is given where the working folder is gone."""
    try:
        return str(Path(path).absolute())
    except OSError:
        return path


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
