"""Rows that tell of runs: when each node ran, what was kept of it, and a look at one value."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import (
    Count,
    Depth,
    Microseconds,
    Number,
    OfFacts,
    OfValues,
    Picture,
    Rate,
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


class MemoryPointRow(Row, frozen=True, array_like=True):
    """Bytes that were alive while a node of the graph ran (-1: one of a function that it calls), at so many
    microseconds from where the timeline begins."""

    at_us: Microseconds
    bytes: Size
    node_id: Number = -1


class LiveRow(Row, frozen=True, array_like=True):
    """A storage that was alive at the peak: its bytes, the node that made it (-1: an input), and the type of
    the tensor that was seen in it first."""

    bytes: Size
    node_id: Number
    type: Words


class MemoryRow(Row, frozen=True, array_like=True):
    """Memory along the first run: of inputs and of what nodes made, as long as tensors hold it.

    `peak` is the most that was alive at once, while `peak_node` ran (-1: none of the graph), `alive` what it
    was, the largest first and no more than are told; `alive_count` is how many there were. `inputs` are bytes
    of the inputs, `weights` those of weights and constants that the run came across, which are in none of the
    others. `allocated` are bytes of all `allocations`. What kernels take inside is in none.
    """

    points: Annotated[list[MemoryPointRow], Several] = msgspec.field(default_factory=list)
    peak: Size = 0
    peak_node: Number = -1
    alive: Annotated[list[LiveRow], OfValues] = msgspec.field(default_factory=list)
    alive_count: Count = 0
    inputs: Size = 0
    weights: Size = 0
    allocated: Size = 0
    allocations: Size = 0


class MachineRow(Row, frozen=True, array_like=True):
    """The most that this machine gave in a short measurement: operations a second of float32 products, and
    bytes a second of copies beyond the caches, with so many threads on the CPU (0 of each: not measured)."""

    flops: Rate = 0.0
    bytes: Rate = 0.0
    threads: Count = 0


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
