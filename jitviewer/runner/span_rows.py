"""Turns what a clock noted into rows: when each node ran in the last repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitviewer.protocol.bounds import DEEPEST, LABEL, NODES, cut, within
from jitviewer.protocol.run_rows import SpanRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.profiler import StepName


def span_rows(spans: Sequence[tuple[int, int, int]], names: Sequence[StepName]) -> list[SpanRow]:
    """The spans (number of a step, start and end in ns) in order of time, the outer one first."""
    begin = min((start for _, start, _ in spans), default=0)
    open_until: list[int] = []
    rows: list[SpanRow] = []
    for number, start, end in sorted(spans, key=lambda span: (span[1], -span[2]))[:NODES]:
        while open_until and open_until[-1] <= start:
            open_until.pop()
        (function, node_id), kind = names[number]
        rows.append(
            SpanRow(
                node_id,
                cut(kind, LABEL),
                (start - begin) / 1e3,
                (end - start) / 1e3,
                min(len(open_until), DEEPEST - 1),
                cut(function, LABEL),
            )
        )
        open_until.append(end)
    return within(rows, NODES, lambda row: len(row.kind) + len(row.function))
