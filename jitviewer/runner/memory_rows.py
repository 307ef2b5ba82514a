"""Turns the memory of a profiled run into rows, beside the spans of the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitviewer.protocol.bounds import LABEL, LARGEST, VALUES, cut
from jitviewer.protocol.run_rows import LiveRow, MemoryPointRow, MemoryRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.metrics.live_storages import MemoryPoint, MemoryProfile
    from jitcore.exec.profiler import NodeKey, StepName

_MOST_POINTS: Final = 1_000


def memory_row(
    memory: MemoryProfile, spans: Sequence[tuple[int, int, int]], names: Sequence[StepName]
) -> MemoryRow:
    """The row; points stand where the node ended in the spans (number of a step, start and end in ns).

    Without spans they stand at the times of the run that memory was followed in.
    """
    points = _thinned(_placed(memory.points, spans, names))
    return MemoryRow(
        points, min(memory.peak, LARGEST), _node(memory.peak_node),
        [
            LiveRow(min(storage.bytes, LARGEST), _node(storage.maker), cut(storage.type, LABEL))
            for storage in memory.alive[:VALUES]
        ],
        len(memory.alive), min(memory.inputs, LARGEST), min(memory.weights, LARGEST),
        min(memory.allocated, LARGEST), memory.allocations,
    )  # fmt: skip


def _placed(
    points: Sequence[MemoryPoint], spans: Sequence[tuple[int, int, int]], names: Sequence[StepName]
) -> list[MemoryPointRow]:
    begin = min((start for _, start, _ in spans), default=0)
    ends: dict[tuple[NodeKey, int], float] = {}
    counts: dict[int, int] = {}
    for number, _, end in sorted(spans, key=lambda span: span[1]):
        count = counts.get(number, 0)
        counts[number] = count + 1
        ends[names[number][0], count] = (end - begin) / 1e3
    rows: list[MemoryPointRow] = []
    for point in points:
        # What the last repeat did not do, by chance or by state, has no place on its timeline.
        at = ends.get((point.node, point.occurrence)) if spans else point.at_ns / 1e3
        if at is not None:
            rows.append(MemoryPointRow(at, min(point.bytes, LARGEST), _node(point.node)))
    return sorted(rows, key=lambda row: row.at_us)


def _thinned(rows: list[MemoryPointRow]) -> list[MemoryPointRow]:
    """No more rows than are told; of neighbours the highest."""
    step = -(-len(rows) // _MOST_POINTS)
    if step <= 1:
        return rows
    return [max(rows[at : at + step], key=lambda row: row.bytes) for at in range(0, len(rows), step)]


def _node(key: NodeKey | None) -> int:
    return key[1] if key is not None and not key[0] else -1
