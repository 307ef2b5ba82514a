"""Gives memory that nobody uses any more back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys

_LIBRARY = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def give_back() -> None:
    """Collect garbage and hand free pages back.

    The C library keeps freed pages for later, so a window that had a large model open once would look as
    if it still had. Only glibc has to be asked.
    """
    gc.collect()
    trim = getattr(_LIBRARY, "malloc_trim", None)
    if trim is not None:
        trim(0)
