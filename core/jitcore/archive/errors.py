"""The error that every fault of an archive is reported with."""

from __future__ import annotations

from jitcore.source.errors import JitError, one_line


class ArchiveError(JitError):
    """An archive cannot be read; `str()` is one sentence: which file or record, what is wrong, what to do.

    Names taken from the file are printed with their control characters escaped, and shortened.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(one_line(sentence))
