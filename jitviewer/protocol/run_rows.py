"""Rows that tell of runs: when each node ran, what was kept of it, and a look at one value."""

from __future__ import annotations

from typing import Annotated

from jitviewer.protocol.bounded import Microseconds, Number, Several, Words
from jitviewer.protocol.bounds import BLOCK
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
    depth: Number
    function: Words = ""


class KeptRow(Row, frozen=True, array_like=True):
    """How many values of a run the runner keeps, and what it dropped for want of room, in bytes."""

    values: int = 0
    bytes: int = 0
    dropped: int = 0
    dropped_bytes: int = 0
    budget: int = 0


class ValueLook(Row, frozen=True, array_like=True):
    """A look at one value of a run.

    `facts` are lines for the inspector. `histogram` counts the finite elements in equal parts of
    `low` to `high`. `shape` is empty for what is no tensor. `slices` is how many matrices the last
    two dimensions make; `cells` are texts of the `rows` x `columns` part of matrix `slice` that
    starts at `first_row`, `first_column`. `picture` has `picture_height` x `picture_width` bytes,
    0 for `low` and 255 for `high`, of the whole matrix, coarser where it is large.
    """

    type: Words
    facts: Annotated[list[Fact], Several]
    histogram: Annotated[list[int], Several]
    low: float
    high: float
    shape: Annotated[list[int], Several]
    slices: int
    slice: int
    rows: int
    columns: int
    first_row: int
    first_column: int
    cells: Annotated[list[Annotated[list[Words], Several]], Several]
    picture: bytes
    picture_width: int
    picture_height: int

    def __post_init__(self) -> None:
        """Raises `ValueError` for a picture that has not the bytes that its size says: they are drawn."""
        if min(self.picture_width, self.picture_height) < 0 or len(self.picture) != (
            self.picture_width * self.picture_height
        ):
            raise ValueError(f"{len(self.picture)} bytes are no picture of that size")
        if any(len(fact.text) > BLOCK or len(fact.name) > BLOCK for fact in self.facts):
            raise ValueError("a fact is longer than facts are")
