"""Messages between the engine and the runner about two programs that are run beside each other."""

from __future__ import annotations

from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest


class CompareRuns(RunnerRequest, frozen=True, tag=True):
    """Align a method of two archives, run both on the same inputs and compare every pair of values.

    Answered by `RunsCompared` or `RunFailed`, with reports of progress before it. `path` and `other_path` are
    the archives, `name` and `other_name` what sentences call them. A `compiled` one holds graphs as they were
    compiled. `inputs` are SPEC texts in the order of the arguments, of the seed `seed`; both runs begin with
    that seed, too. With `shares_weights` the first is run with the tensors of the other. `relative` is the
    tolerance as a part of the largest element, negative for that of the kind of element; `kept_bytes` of
    values are kept whole. `memory` is as for a run.
    """

    path: str
    other_path: str
    name: str
    other_name: str
    module_path: str
    method: str
    inputs: list[str]
    other_module_path: str = ""
    other_method: str = "forward"
    seed: int = 0
    relative: float = -1.0
    kept_bytes: int = 1 << 30
    memory: int = -1
    memory_advice: str = "allow more with --memory, or lift the limit with --memory 0"
    compiled: bool = False
    other_compiled: bool = False
    shares_weights: bool = False
    allow_files: bool = False
    libraries: tuple[str, ...] = ()


class RunsCompared(RunnerReply, frozen=True, tag=True):
    """How both graphs correspond, and where their values part."""

    comparison: ComparisonRow
