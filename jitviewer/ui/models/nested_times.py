"""Sums of measured times in which nothing counts twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jitviewer.protocol.rows import NodeTime


def outermost_us(rows: Sequence[NodeTime], times: Mapping[int, NodeTime]) -> float:
    """Microseconds that these nodes took together, with all that is nested in them.

    The total of an If holds what ran in its blocks, so a node inside another one of `rows` adds nothing.
    `times` are those of all nodes, by id.
    """
    if len(rows) == 1:
        return rows[0].total_us
    ids = {row.node_id for row in rows}
    return sum(row.total_us for row in rows if not _is_within(row, ids, times))


def _is_within(row: NodeTime, ids: set[int], times: Mapping[int, NodeTime]) -> bool:
    around: NodeTime | None = row
    while around is not None:
        if around.parent in ids:
            return True
        around = times.get(around.parent)
    return False
