"""Keeps the garbage collector from holding the window up while it looks through the rows of large models."""

from __future__ import annotations

import gc

from jitviewer.free_memory import give_back

COLLECT_AFTER = 20_000
"""Objects made between two looks at what is new."""


def begin() -> None:
    """Look at new objects now and then, at old ones only when `look_through` asks for it."""
    gc.set_threshold(COLLECT_AFTER, 20, 100_000)


def set_aside() -> None:
    """What a document showed stays as long as the document does: leave it out until one is closed."""
    gc.freeze()


def look_through() -> None:
    """A document was closed: look at everything once."""
    gc.unfreeze()
    give_back()
    gc.freeze()
