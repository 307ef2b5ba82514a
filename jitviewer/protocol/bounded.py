"""Types of what a runner and the engine tell, with bounds that are checked where a message arrives.

They keep to `bounds` by themselves. One whose memory a program or a file has overwritten need not, and what
it sends reaches the window: a message that is larger than any honest one is refused as none. Source of the
checks: https://jcristharif.com/msgspec/constraints.html.
"""

from __future__ import annotations

from sys import float_info
from typing import Annotated

from msgspec import Meta

from jitviewer.protocol.bounds import (
    BLOCK,
    DEEPEST,
    EDGES,
    FACTS,
    FARTHEST,
    FRAME,
    INPUTS,
    LARGEST,
    LINES,
    NODES,
    PASSES,
    PICTURE,
    PRINTED,
    PROBLEMS,
    REPEATS,
    REPLY,
    SCRIPTABLES,
    SENTENCE,
    STEPS,
    TEXT,
    TREE_ROWS,
    VALUES,
)  # fmt: skip

Words = Annotated[str, Meta(max_length=BLOCK)]
"""A name, a sentence, or several lines in a label."""

Printed = Annotated[str, Meta(max_length=PRINTED + SENTENCE)]
"""What a program printed, and a sentence on how much more it did."""

Microseconds = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""A measured time, thirty years at most; neither infinite nor no number."""

Seconds = Annotated[float, Meta(ge=-1e9, le=1e9)]

Whole = Annotated[str, Meta(max_length=FRAME)]
"""A whole text of a file or a program, as long as a frame has room for."""

Text = Annotated[str, Meta(max_length=TEXT)]
"""A whole text of a pane."""

Number = Annotated[int, Meta(ge=-(1 << 31), lt=1 << 31)]
"""An id or an index, as the toolkit of the window takes them; -1 stands for none."""

Count = Annotated[int, Meta(ge=0, lt=1 << 31)]
"""How many of something, as the toolkit of the window takes it."""

Size = Annotated[int, Meta(ge=0, le=LARGEST)]
"""Bytes, elements or executions; of more than `LARGEST` that many are told."""

Amount = Annotated[int, Meta(ge=-1, le=LARGEST)]
"""Operations or bytes; -1 where nobody counted them."""

Rate = Annotated[float, Meta(ge=0, le=1e30)]
"""Operations or bytes in a second."""

Depth = Annotated[int, Meta(ge=0, lt=DEEPEST)]
"""How many spans are around one; each is a line of the timeline."""

Real = Annotated[float, Meta(ge=-float_info.max, le=float_info.max)]
"""The least or the greatest of finite elements."""

Coordinate = Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]
"""A place on the canvas, in pixels of the scene."""

Extent = Annotated[float, Meta(ge=0, le=FARTHEST)]
"""A width or a height there."""

Constant = Annotated[bytes, Meta(max_length=REPLY)]
"""An encoded constant."""

Course = Annotated[bytes, Meta(max_length=FRAME)]
"""Points of an edge, of which there are a few for each box that it goes around."""

Picture = Annotated[bytes, Meta(max_length=PICTURE * PICTURE)]
"""A byte for each pixel."""

OfNodes = Meta(max_length=NODES)
"""Of lists with a row for each node, or for each execution of one."""

OfEdges = Meta(max_length=EDGES)
"""Of lists with an entry for each edge of the canvas, each value, or each node of a graph of any size."""

OfLines = Meta(max_length=LINES)
OfSteps = Meta(max_length=STEPS)
OfRows = Meta(max_length=TREE_ROWS + 1)
"""Of trees, the last row of which may stand for those that are not told."""

OfInputs = Meta(max_length=INPUTS)

OfValues = Meta(max_length=2 * VALUES + 2)
"""Of lists that stop at the first value that brings them above `VALUES`, with a row on the rest."""

OfFacts = Meta(max_length=FACTS)

Few = Meta(max_length=VALUES)
"""Of lists in one row."""

OfRepeats = Meta(max_length=REPEATS)
"""Of lists with one time for each repeat."""

OfProblems = Meta(max_length=PROBLEMS)
OfScriptables = Meta(max_length=SCRIPTABLES)

OfPasses = Meta(max_length=PASSES)

Several = Meta(max_length=1_000)
"""Of lists of which a person sees all."""
