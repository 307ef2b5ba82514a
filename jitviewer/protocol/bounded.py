"""Types of what a runner tells, with bounds that are checked where a message arrives.

A runner keeps to `bounds` by itself. One whose memory a program has overwritten need not, and what it sends
reaches the window: a message that is larger than any honest one is refused as none. Source of the checks:
https://jcristharif.com/msgspec/constraints.html.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from jitviewer.protocol.bounds import BLOCK, NODES, PRINTED, SENTENCE, VALUES

Words = Annotated[str, Meta(max_length=BLOCK)]
"""A name, a sentence, or several lines in a label."""

Printed = Annotated[str, Meta(max_length=PRINTED + SENTENCE)]
"""What a program printed, and a sentence on how much more it did."""

Microseconds = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""A measured time, thirty years at most; neither infinite nor no number."""

Seconds = Annotated[float, Meta(ge=-1e9, le=1e9)]

Number = Annotated[int, Meta(ge=-(1 << 31), lt=1 << 31)]
"""An id, a count or an index, as the toolkit of the window takes them."""

OfNodes = Meta(max_length=NODES)
"""Of lists with a row for each node."""

Few = Meta(max_length=VALUES)
"""Of lists in one row."""

Several = Meta(max_length=1_000)
"""Of lists of which a person sees all."""
