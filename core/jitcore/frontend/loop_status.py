"""Whether the code that is lowered stands in a loop that it can leave."""

from __future__ import annotations

from enum import Enum


class LoopStatus(Enum):
    """Whether `break` and `continue` are possible."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    UNROLLED = "unrolled"
