"""Rows that tell of runs: when each node ran, what was kept of it, and a look at one value."""

from __future__ import annotations

from jitviewer.protocol.rows import Fact, Row


class SpanRow(Row, frozen=True, array_like=True):
    """One execution of a node in the last repeat, microseconds from the first.

    `depth` counts the spans around it; `function` names the function that the node stands in, "" for
    the graph that was run. On CUDA the times are those of the host, which launches kernels.
    """

    node_id: int
    kind: str
    start_us: float
    us: float
    depth: int
    function: str = ""


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

    type: str
    facts: list[Fact]
    histogram: list[int]
    low: float
    high: float
    shape: list[int]
    slices: int
    slice: int
    rows: int
    columns: int
    first_row: int
    first_column: int
    cells: list[list[str]]
    picture: bytes
    picture_width: int
    picture_height: int
