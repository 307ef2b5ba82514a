"""Standard output and error of a process of ours, on which text of files cannot command the terminal."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from jitviewer.plain_text import plain_lines


class PlainStream(io.TextIOWrapper):
    """A text stream that makes visible what is written, whoever writes: a print, a traceback, a warning."""

    def write(self, text: str, /) -> int:
        """Write the visible form."""
        super().write(plain_lines(text))
        return len(text)


def write_plainly() -> None:
    """Make both streams of this process plain, once."""
    sys.stdout = _plain(sys.stdout)
    sys.stderr = _plain(sys.stderr)
    # Newer Pythons colour tracebacks and help, by the escapes that are made visible here.
    os.environ["PYTHON_COLORS"] = "0"


def _plain(stream: TextIO) -> TextIO:
    if isinstance(stream, PlainStream) or not isinstance(stream, io.TextIOWrapper):
        # There is none where the system gives a program of windows no terminal; tests have their own.
        return stream
    return PlainStream(
        stream.buffer, encoding=stream.encoding, errors="backslashreplace",
        line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip
