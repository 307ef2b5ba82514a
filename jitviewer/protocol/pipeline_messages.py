"""Messages between the engine and the runner about one program under two pipelines of passes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Amount, Count, Microseconds, OfPasses, OfRepeats, Size, Words
from jitviewer.protocol.compared_run import ComparedRun
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.rows import Row
from jitviewer.protocol.runner_bases import RunnerReply


class ComparePipelines(ComparedRun, frozen=True, tag=True, kw_only=True):
    """Run a method of an archive under two pipelines on the same inputs; compare values, time and memory.

    Answered by `PipelinesCompared` or `RunFailed`, with reports of progress before it. `passes` are the
    pipeline of the first run, `other_passes` that of the second, `name` and `other_name` what sentences call
    them.
    """

    other_name: str
    other_passes: list[str]
    repeats: int = 1
    warmup: int = 0


class PipelineRow(Row, frozen=True, array_like=True):
    """What a program costs under one pipeline.

    `nodes` are those of its graph. `wall_us` are whole runs in order, `median_us` and `spread_us` the median
    and the distance between the quartiles; both pipelines ran in turns. `peak` and `weights` are as in
    `MemoryRow`, `flops` and `moved` sums of those of `NodeTime`, -1 where nothing was counted. Where a side
    fails nothing is measured, and `wall_us` is empty.
    """

    name: Words
    passes: Annotated[list[Words], OfPasses]
    nodes: Count
    wall_us: Annotated[list[Microseconds], OfRepeats] = msgspec.field(default_factory=list)
    median_us: Microseconds = 0.0
    spread_us: Microseconds = 0.0
    peak: Size = 0
    weights: Size = 0
    flops: Amount = -1
    moved: Amount = -1


class PipelinesCompared(RunnerReply, frozen=True, tag=True):
    """What both pipelines cost, and where the values of their runs part."""

    left: PipelineRow
    right: PipelineRow
    comparison: ComparisonRow
