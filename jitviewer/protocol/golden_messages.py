"""Messages between the engine and the runner about golden files: the values of a run, saved or compared."""

from __future__ import annotations

from typing import Annotated

from jitviewer.protocol.bounded import Count, OfValues, Size, Words
from jitviewer.protocol.compared_run import ComparedRun
from jitviewer.protocol.runner_bases import RunnerReply


class GoldenRun(ComparedRun, frozen=True, tag=True, kw_only=True):
    """Run a method of an archive once; save all values in `golden_file`, or compare them with those there.

    Answered by `GoldenSaved` if it `saves`, else by `RunsCompared`; or by `RunFailed`. Without inputs a
    comparison is given those that were saved. `dtype` is that to which floating inputs, parameters and
    buffers are converted first, "" for none.
    """

    golden_file: str
    saves: bool
    dtype: str = ""


class GoldenSaved(RunnerReply, frozen=True, tag=True):
    """The file is written: how many runs of nodes, with how many bytes of tensors; what is not in it."""

    steps: Count
    data_bytes: Size
    notes: Annotated[list[Words], OfValues]
