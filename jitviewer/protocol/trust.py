"""What a person trusts who lets a Python file be run: the file's place and its very content."""

from __future__ import annotations

import msgspec


class TrustedContent(msgspec.Struct, frozen=True):
    """`path` is where the file lies once links are followed, `digest` the SHA-256 of its bytes in hex."""

    path: str
    digest: str
