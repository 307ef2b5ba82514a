"""Paths of the files that were dropped on the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl

_HERE = b"localhost"


def dropped_paths(urls: Iterable[QUrl]) -> list[str]:
    """The local ones, each once, in their order."""
    return list(dict.fromkeys(_path(url) for url in urls if url.isLocalFile()))


def _path(url: QUrl) -> str:
    """Qt's own path has a sign in the place of every byte that is no UTF-8, and leads to no file then."""
    if sys.platform == "win32":
        return url.toLocalFile()
    encoded = bytes(url.toEncoded(QUrl.ComponentFormattingOption.FullyEncoded).data())
    host, _, path = encoded.removeprefix(b"file:").removeprefix(b"//").partition(b"/")
    if host not in (b"", _HERE):
        # A folder of another machine, where the system can name one so.
        return url.toLocalFile()
    # What follows a `?` or `#` is no part of a path.
    return os.fsdecode(b"/" + unquote_to_bytes(path.partition(b"#")[0].partition(b"?")[0]))
