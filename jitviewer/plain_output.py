"""Standard output and error of a process of ours, on which text of files cannot command the terminal."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from jitviewer.plain_text import plain_lines


class ReaderGoneError(BrokenPipeError):
    """Whoever read what this process prints has had enough."""


class PlainStream(io.TextIOWrapper):
    """A text stream that makes visible what is written, whoever writes: a print, a traceback, a warning."""

    def write(self, text: str, /) -> int:
        """Write the visible form. Raises `ReaderGoneError`."""
        try:
            super().write(plain_lines(text))
        except BrokenPipeError as error:
            raise ReaderGoneError(*error.args) from error
        return len(text)

    def flush(self) -> None:
        """Hand over what was written. Raises `ReaderGoneError`."""
        try:
            super().flush()
        except BrokenPipeError as error:
            raise ReaderGoneError(*error.args) from error


def write_plainly() -> None:
    """Make both streams of this process plain, once."""
    _open_what_is_closed()
    sys.stdout = _plain(sys.stdout)
    sys.stderr = _plain(sys.stderr)
    # Newer Pythons colour tracebacks and help, by the escapes that are made visible here.
    os.environ["PYTHON_COLORS"] = "0"


def _open_what_is_closed() -> None:
    """Put nothing in the places of standard streams that were closed: what is opened next would take them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one.
            os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            os.set_inheritable(number, True)
    if not sys.platform.startswith("win"):
        # Python has no streams for what was closed when it began.
        sys.stdout = sys.stdout or PlainStream(os.fdopen(1, "wb", closefd=False), encoding="utf-8")
        sys.stderr = sys.stderr or PlainStream(os.fdopen(2, "wb", closefd=False), encoding="utf-8")


def _plain(stream: TextIO) -> TextIO:
    if isinstance(stream, PlainStream) or not isinstance(stream, io.TextIOWrapper):
        # There is none where the system gives a program of windows no terminal; tests have their own.
        return stream
    return PlainStream(
        stream.buffer, encoding=stream.encoding, errors="backslashreplace",
        line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip
