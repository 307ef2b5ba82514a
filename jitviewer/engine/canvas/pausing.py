"""Pausing the garbage collector while a picture is made."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Generator[None]:
    """Context, or decorator, without collection of cycles.

    Rows are made by the ten thousand and refer to nothing, so a look at them, and at the graphs that
    the engine holds, finds no garbage. Unlike while a model is opened, what was made is not declared old:
    the next picture takes its place.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
