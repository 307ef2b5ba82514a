"""From which graph of a method its rewriting starts."""

from __future__ import annotations

from enum import Enum


class Stage(Enum):
    """The graph that passes start from: with its calls, or with all of them inlined as torch inlines them."""

    AS_WRITTEN = "as written"
    INLINED = "inlined"
