"""The end of a pipe by which a process is asked."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, BinaryIO

from jitviewer.launching.descriptors import send_all

if TYPE_CHECKING:
    from collections.abc import Sequence


class RequestPipe:
    """Sends from one thread what another may close, as it does when the process ends.

    Closing waits for what is being sent, which a process that has ended ends at once: the number of a closed
    descriptor may be that of another file a moment later.
    """

    def __init__(self, end: socket.socket | BinaryIO) -> None:
        self._end = end
        self._is_closed = False
        self._lock = threading.Lock()

    def send(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """Hand over bytes, and by a socket open files. Raises `OSError`; `BrokenPipeError` once closed."""
        with self._lock:
            if self._is_closed:
                raise BrokenPipeError("the process has ended")
            if isinstance(self._end, socket.socket):
                send_all(self._end, data, list(descriptors))
                return
            rest = memoryview(data)
            while rest:
                rest = rest[self._end.write(rest) or 0 :]
            self._end.flush()

    def fileno(self) -> int:
        """The descriptor, for who hands it on."""
        return self._end.fileno()

    def close(self) -> None:
        """Send nothing more."""
        with self._lock:
            self._is_closed = True
            with contextlib.suppress(OSError):
                self._end.close()
