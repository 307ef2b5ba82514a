"""Messages between the engine and the runner about one program under two pipelines of passes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Amount, Count, Microseconds, OfPasses, OfRepeats, Size, Words
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.rows import Row
from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest


class ComparePipelines(RunnerRequest, frozen=True, tag=True):
    """Run a method of an archive under two pipelines on the same inputs; compare values, time and memory.

    Answered by `PipelinesCompared` or `RunFailed`, with reports of progress before it. What has the name of
    something in a `RunRequest` is the same, and what has that of something in a `GoldenRun`; `passes` are the
    pipeline of the first run, `other_passes` that of the second, `name` and `other_name` what sentences call
    them.
    """

    path: str
    name: str
    other_name: str
    module_path: str
    method: str
    passes: list[str]
    other_passes: list[str]
    inputs: list[str]
    inputs_file: str = ""
    device: str = "cpu"
    repeats: int = 1
    warmup: int = 0
    seed: int = 0
    relative: float = -1.0
    dtype_tolerances: dict[str, float] = msgspec.field(default_factory=dict)
    result_tolerances: dict[int, float] = msgspec.field(default_factory=dict)
    memory: int = -1
    memory_advice: str = "allow more with --memory, or lift the limit with --memory 0"
    compiled: bool = False
    allow_files: bool = False
    libraries: tuple[str, ...] = ()


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
