"""Messages between the engine and the runner about golden files: the values of a run, saved or compared."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Count, OfValues, Size, Words
from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest


class GoldenRun(RunnerRequest, frozen=True, tag=True):
    """Run a method of an archive once; save all values in `golden_file`, or compare them with those there.

    Answered by `GoldenSaved` if it `saves`, else by `RunsCompared`; or by `RunFailed`. What has the name of
    something in a `RunRequest` is the same. Without inputs a comparison is given those that were saved.
    `dtype` is that to which floating inputs, parameters and buffers are converted first, "" for none.
    `relative` and `absolute` are the tolerance as of `Tolerance`, negative for the usual one;
    `dtype_tolerances` and `result_tolerances` are relative ones of single kinds of elements and of results.
    """

    path: str
    name: str
    module_path: str
    method: str
    passes: list[str]
    inputs: list[str]
    golden_file: str
    saves: bool
    inputs_file: str = ""
    device: str = "cpu"
    dtype: str = ""
    seed: int = 0
    relative: float = -1.0
    absolute: float = -1.0
    dtype_tolerances: dict[str, float] = msgspec.field(default_factory=dict)
    result_tolerances: dict[int, float] = msgspec.field(default_factory=dict)
    memory: int = -1
    memory_advice: str = "allow more with --memory, or lift the limit with --memory 0"
    compiled: bool = False
    allow_files: bool = False
    libraries: tuple[str, ...] = ()


class GoldenSaved(RunnerReply, frozen=True, tag=True):
    """The file is written: how many runs of nodes, with how many bytes of tensors; what is not in it."""

    steps: Count
    data_bytes: Size
    notes: Annotated[list[Words], OfValues]
