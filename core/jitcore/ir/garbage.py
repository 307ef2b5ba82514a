"""Pausing the garbage collector while many objects are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

_WORTH_A_LOOK = 2_000_000
"""New objects after which a full collection is due: some four large models, half a second of looking."""

_WORTH_DECLARING = 10_000
"""New objects below which the collector may as well look at them."""


class _Promotion:
    """How many objects were declared old without the collector having looked at them."""

    unseen = 0
    kept_at_last_look = 0


@contextmanager
def collection_paused() -> Generator[None]:
    """Context, or decorator, without collection of cycles.

    Everything that opening, lowering, inlining and printing make stays alive, and a collection would
    look at all of it, and at all that the program held before, again and again. For the same reason
    what was made counts as old afterwards; else the first collection after the pause looks at it all.
    Dropped graphs are cycles: so many new objects later, all are looked at, as CPython itself does
    when the old ones have grown by a share.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        _count_as_old()
        gc.enable()


def _count_as_old() -> None:
    made = gc.get_count()[0]
    if made < _WORTH_DECLARING:
        # Also because counting what the program froze, below, takes longer than printing a small graph.
        return
    _Promotion.unseen += made
    if _Promotion.unseen > max(_WORTH_A_LOOK, _Promotion.kept_at_last_look // 4):
        gc.collect()
        _Promotion.unseen, _Promotion.kept_at_last_look = 0, len(gc.get_objects())
    elif gc.get_freeze_count() == 0:
        # Freezing and thawing moves every object to the oldest generation without visiting one.
        gc.freeze()
        gc.unfreeze()
