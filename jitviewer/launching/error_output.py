"""What a confined process writes to standard error, on its way to whoever started it."""

from __future__ import annotations

import codecs
import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Final

from jitviewer.plain_text import plain_lines

if TYPE_CHECKING:
    from typing import IO

MOST_WRITTEN: Final = 1 << 20
"""Bytes that are passed on of one process; what comes after is counted."""

_PIECE: Final = 1 << 16
_LAST_SECONDS: Final = 5.0
"""How long the end of a process waits for its last words to be written."""


class ErrorOutput:
    """Passes on what comes from a pipe, made plain and bounded, in a thread.

    A confined process gets the pipe and not our own standard error: that may be a terminal, which is open for
    reading too, and takes commands in what is written to it.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._room = MOST_WRITTEN
        self._left_out = 0
        self._thread = threading.Thread(target=self._pass_on, name="error-output", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait until all is passed on that the process wrote before it ended."""
        self._thread.join(_LAST_SECONDS)

    def _pass_on(self) -> None:
        # Nobody may be there to read what we write, and then the process must not wait for us.
        with self._pipe, contextlib.suppress(OSError, ValueError):
            while data := os.read(self._pipe.fileno(), _PIECE):
                kept = data[: self._room]
                self._room -= len(kept)
                self._left_out += len(data) - len(kept)
                self._write(self._decoder.decode(kept))
            rest = self._decoder.decode(b"", final=True)
            if self._left_out:
                rest += f"\n[{self._left_out:,} more bytes were written to standard error]\n"
            self._write(rest)

    def _write(self, text: str) -> None:
        if text and sys.stderr is not None:
            sys.stderr.write(plain_lines(text))
            sys.stderr.flush()
