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
    _forget_names()
    trim = getattr(_LIBRARY, "malloc_trim", None)
    if trim is not None:
        trim(0)


def _forget_names() -> None:
    """Let go of names that attributes were looked up by.

    CPython keeps the last four thousand with its cache of methods, and Qt's bindings make a new string for
    each look-up: small pieces all over the memory, each of which would keep its surroundings.
    """
    clear = getattr(sys, "_clear_internal_caches", None) or getattr(sys, "_clear_type_cache", None)
    if clear is not None:
        clear()
