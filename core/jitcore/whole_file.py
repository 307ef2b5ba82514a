"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path


class WholeFile:
    """A file beside its place, which it takes once all is written.

    `descriptor` writes it. Raises `OSError` where there cannot be one. A pipe or a device is written to.
    """

    def __init__(self, path: str) -> None:
        self._target = os.path.realpath(path)
        self._temporary = ""
        try:
            self._before = os.stat(self._target)  # noqa: PTH116  # the path is a text that was resolved once
        except FileNotFoundError:
            self._before = None
        if self._before is not None and not stat.S_ISREG(self._before.st_mode):
            # A pipe that nobody reads is an error, and not waited for.
            self.descriptor = os.open(self._target, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
            os.set_blocking(self.descriptor, True)
            return
        folder, name = os.path.split(self._target)
        if not name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        self.descriptor, self._temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=folder)

    def keep(self) -> None:
        """Put it in its place. Raises `OSError`, and then it is forgotten."""
        os.close(self.descriptor)
        if self._temporary:
            mode = stat.S_IMODE(self._before.st_mode) if self._before is not None else _usual_mode()
            try:
                Path(self._temporary).chmod(mode)
                Path(self._temporary).replace(self._target)
            except OSError:
                Path(self._temporary).unlink(missing_ok=True)
                raise

    def drop(self) -> None:
        """Forget it."""
        os.close(self.descriptor)
        if self._temporary:
            Path(self._temporary).unlink(missing_ok=True)


def _usual_mode() -> int:
    """The permissions that a new file gets here."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
