"""The error that every fault of an archive is reported with."""

from __future__ import annotations

from jitcore.source.errors import JitError


class ArchiveError(JitError):
    """An archive cannot be read; `str()` is one sentence: which file or record, what is wrong, what to do."""
