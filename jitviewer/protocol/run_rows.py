"""Rows that tell of runs: when each node ran, what was kept of it, and a look at one value."""

from __future__ import annotations

from typing import Annotated

from jitviewer.protocol.bounded import (
    Count,
    Depth,
    Microseconds,
    Number,
    OfFacts,
    Picture,
    Real,
    Several,
    Size,
    Words,
)  # fmt: skip
from jitviewer.protocol.bounds import LAID_OUT
from jitviewer.protocol.rows import Fact, Row


class SpanRow(Row, frozen=True, array_like=True):
    """One execution of a node in the last repeat, microseconds from the first.

    `depth` counts the spans around it; `function` names the function that the node stands in, "" for
    the graph that was run. On CUDA the times are those of the host, which launches kernels.
    """

    node_id: Number
    kind: Words
    start_us: Microseconds
    us: Microseconds
    depth: Depth
    function: Words = ""


class KeptRow(Row, frozen=True, array_like=True):
    """How many values of a run the runner keeps, and what it dropped for want of room, in bytes."""

    values: Size = 0
    bytes: Size = 0
    dropped: Size = 0
    dropped_bytes: Size = 0
    budget: Size = 0


class ValueLook(Row, frozen=True, array_like=True):
    """A look at one value of a run.

    `facts` are lines for the inspector. `histogram` counts the finite elements in equal parts of
    `low` to `high`. `shape` is empty for what is no tensor. `slices` is how many matrices the last
    two dimensions make; `cells` are texts of the `rows` x `columns` part of matrix `slice` that
    starts at `first_row`, `first_column`. `picture` has `picture_height` x `picture_width` bytes,
    0 for `low` and 255 for `high`, of the whole matrix, coarser where it is large.
    """

    type: Words
    facts: Annotated[list[Fact], OfFacts]
    histogram: Annotated[list[Size], Several]
    low: Real
    high: Real
    shape: Annotated[list[Size], Several]
    slices: Size
    slice: Size
    rows: Size
    columns: Size
    first_row: Size
    first_column: Size
    cells: Annotated[list[Annotated[list[Words], Several]], Several]
    picture: Picture
    picture_width: Count
    picture_height: Count

    def __post_init__(self) -> None:
        """Raises `ValueError` for a picture that has not the bytes that its size says: they are drawn;
        and for more text than is laid out at once."""
        if len(self.picture) != self.picture_width * self.picture_height:
            raise ValueError(f"{len(self.picture)} bytes are no picture of that size")
        told = sum(len(fact.group) + len(fact.name) + len(fact.text) for fact in self.facts)
        if told + sum(len(cell) for row in self.cells for cell in row) > LAID_OUT:
            raise ValueError("the facts and cells are longer than a look is")
