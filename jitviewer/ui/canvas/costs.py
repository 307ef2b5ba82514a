"""What the colours of boxes can stand for: time, operations, bytes, memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.models.formatting import bytes_text, count_text, time_text


class Cost(NamedTuple):
    """`own` is what a node has of it by itself, `whole` with what runs in its blocks; `text` tells an amount.

    Without `whole` a box has the sum of the nodes that it shows.
    """

    name: str
    title: str
    own: Callable[[NodeTime], float]
    whole: Callable[[NodeTime], float] | None
    text: Callable[[float], str]


TIME: Final = Cost("time", "Time", lambda row: row.self_us, lambda row: row.total_us, time_text)

COSTS: Final = (
    TIME,
    Cost("FLOPs", "FLOPs", lambda row: max(row.flops, 0), None, lambda count: count_text(round(count))),
    Cost("bytes moved", "Bytes moved", lambda row: max(row.moved, 0), None, lambda n: bytes_text(round(n))),
    Cost(
        "memory allocated",
        "Memory allocated",
        lambda row: row.allocated,
        None,
        lambda n: bytes_text(round(n)),
    ),
)
