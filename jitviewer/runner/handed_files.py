"""The files that the runner was handed: it opens no others where it is confined."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitcore.archive.opened_file import OpenedFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from jitviewer.launching.descriptors import DescriptorStream
    from jitviewer.protocol.runner_messages import HandedFile


class HandedFiles:
    """Files by the paths that requests have for them."""

    def __init__(self) -> None:
        self._files: dict[str, OpenedFile] = {}
        self._errors: dict[str, int] = {}

    def take(self, files: Sequence[HandedFile], stream: DescriptorStream) -> None:
        """Take what came with a message, and give up what was there before."""
        for file in self._files.values():
            file.close()
        self._files = {f.path: OpenedFile(f.path, stream.take()) for f in files if not f.error}
        self._errors = {f.path: f.error for f in files if f.error}

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def to_read(self, path: str) -> str | OpenedFile:
        """The file, or its path where none was handed. Raises `OSError` if it could not be opened."""
        error = self._errors.get(path)
        if error:
            raise OSError(error, os.strerror(error), path)
        return self._files.get(path, path)

    def to_write(self, path: str) -> BinaryIO:
        """A stream that writes the file from its beginning. Raises `OSError`."""
        file = self._files.get(path)
        return open(path if file is None else os.dup(file.descriptor), "wb")  # noqa: PTH123
