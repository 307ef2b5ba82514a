"""A file that somebody else opened for this process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO


class OpenedFile(os.PathLike[str]):
    """A path, for sentences, and the descriptor that its bytes are read by.

    A process that may not open files itself is handed them so. Reading makes a descriptor of its own.
    """

    __slots__ = ("_path", "descriptor")

    def __init__(self, path: str, descriptor: int) -> None:
        self._path = path
        self.descriptor = descriptor

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)

    def __fspath__(self) -> str:
        return self._path

    def __str__(self) -> str:
        return self._path


def place_of(path: str | os.PathLike[str]) -> str | int:
    """What opens the file by itself: its descriptor where somebody else opened it, else its path."""
    return path.descriptor if isinstance(path, OpenedFile) else os.fspath(path)


def descriptor_of(path: str | os.PathLike[str]) -> int:
    """A new descriptor that reads the file. Raises `OSError`; a pipe or a device is not waited for."""
    if isinstance(path, OpenedFile):
        return os.dup(path.descriptor)
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))


def open_to_read(path: str | os.PathLike[str]) -> BinaryIO:
    """A stream of the file from its beginning. Raises `OSError`."""
    descriptor = descriptor_of(path)
    # Descriptors that were handed on share one place in the file.
    if isinstance(path, OpenedFile):
        os.lseek(descriptor, 0, os.SEEK_SET)
    return os.fdopen(descriptor, "rb")
