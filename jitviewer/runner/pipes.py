"""Keeps the pipes of the protocol apart from what a program reads and prints."""

from __future__ import annotations

import os
from typing import BinaryIO


def claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for the protocol.

    From then on file descriptor 0 is empty and 1 leads to standard error, whoever writes there: a
    `print` of Python code, or a C++ library.
    """
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies
