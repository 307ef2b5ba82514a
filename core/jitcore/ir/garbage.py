"""Pausing the garbage collector while many objects are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Generator[None]:
    """Context, or decorator, without collection of cycles.

    Everything that opening, lowering, inlining and printing make stays alive, and a collection would
    look at all of it, and at all that the program held before, again and again.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
