"""Reads a Python file once, and says which content was read, so that what runs is what was trusted."""

from __future__ import annotations

import hashlib
import os

from jitviewer.plain_files import UnreadableFileError, read_plain
from jitviewer.protocol.trust import TrustedContent

MOST_SOURCE = 16 << 20
"""Bytes of a Python file; the longest that people write are some ten times shorter."""


def read_source(path: str) -> tuple[bytes, TrustedContent]:
    """The bytes of a file, and what a person would trust who trusts them. Raises `OSError`."""
    try:
        place = os.path.realpath(path)
    except ValueError as error:
        raise UnreadableFileError(str(error)) from error
    # From the place that is told, wherever a link in `path` leads by now.
    content = read_plain(place, MOST_SOURCE)
    return content, trusted_content(place, content)


def trusted_content(place: str, content: bytes) -> TrustedContent:
    """What a person trusts who trusts these bytes at this place."""
    return TrustedContent(place, hashlib.sha256(content).hexdigest())
