"""Reads a text file that may be anything: a pipe, a device, a folder, or longer than memory."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING, Final

from jitcore.archive.opened_file import open_to_read
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.archive.opened_file import OpenedFile

MOST_BYTES: Final = 1 << 30
"""Bytes of a graph that is given as text."""

_PART: Final = 1 << 22


def read_text(file: str | OpenedFile) -> str:
    """The text of a UTF-8 file, its lines ended as Python ends them. Raises `JitError` with one sentence."""
    try:
        with open_to_read(file) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise JitError(f"{file} cannot be read: it is {_kind_of(status.st_mode)}, not a file")
            # It may grow meanwhile, and files that the system makes up have no size. Asking for all that may
            # come would take memory for it.
            size, parts = status.st_size, list[bytes]()
            while size <= MOST_BYTES and (part := stream.read(_PART)):
                parts.append(part)
                size = max(size, sum(map(len, parts)))
            if size > MOST_BYTES:
                raise JitError(f"{file} cannot be read: it has more than {MOST_BYTES:,} bytes")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise JitError(f"{file} cannot be read: {reason}") from error
    try:
        return io.TextIOWrapper(io.BytesIO(b"".join(parts)), encoding="utf-8").read()
    except UnicodeDecodeError as error:
        raise JitError(f"{file} is not UTF-8 text (byte {error.start})") from error


def _kind_of(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
