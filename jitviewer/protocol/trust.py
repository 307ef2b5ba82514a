"""What a person trusts who lets a Python file be run: the file's place and its very content."""

from __future__ import annotations

import msgspec

from jitviewer.protocol.bounded import Words


class TrustedContent(msgspec.Struct, frozen=True):
    """`path` is where the file lies once links are followed, `digest` the SHA-256 of its bytes in hex."""

    path: Words
    digest: Words
