"""Messages between the engine and the runner, the only process that imports torch."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import (
    Constant,
    Count,
    Microseconds,
    Number,
    OfInputs,
    OfNodes,
    OfRepeats,
    OfValues,
    Printed,
    Seconds,
    Several,
    Whole,
    Words,
)  # fmt: skip
from jitviewer.protocol.comparison_messages import CompareRuns, RunsCompared
from jitviewer.protocol.golden_messages import GoldenRun, GoldenSaved
from jitviewer.protocol.pipeline_messages import ComparePipelines, PipelinesCompared
from jitviewer.protocol.rows import DeviceRow, NodeTime, ValueRow
from jitviewer.protocol.run_rows import KeptRow, MachineRow, MemoryRow, SpanRow, ValueLook
from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest
from jitviewer.protocol.script_messages import (
    CompareScriptable,
    CompileScriptable,
    InputsProposed,
    OpenScript,
    ProposeInputs,
    RenderScriptable,
    ScriptableCompiled,
    ScriptableDiagnosed,
    ScriptableRendered,
    ScriptChanged,
    ScriptOpened,
)
from jitviewer.protocol.stage_rows import StagedInputs, StageRow


class Ping(RunnerRequest, frozen=True, tag=True):
    """Answer `Pong`, with versions."""


class ListDevices(RunnerRequest, frozen=True, tag=True):
    """Answer `Devices`."""


class RunRequest(RunnerRequest, frozen=True, tag=True):
    """Run a method of an archive, rewritten by the same deterministic pipeline as in the engine.

    With `compiled` the archive holds graphs as they were compiled, and these are what is run; a function
    that the archive was made for has no module and goes by `forward`.

    `inputs` are SPEC texts in the order of the arguments (without self); `inputs_file` (if not
    empty) is a torch-saved tuple used instead. `passes` run on a copy of the method's graph, in
    order. `memory_advice` says in words how to allow more, since whoever asks knows where that is done.
    `outputs_file` (if not empty) is where the result is torch-saved, `trace_file` where the
    last repeat is written as a Chrome trace. With `profile` every node is
    timed. Nothing that reaches the file system is run unless `allow_files`. `memory` is what the run
    may take in bytes: 0 is no limit, negative a share of the machine's.

    With a `stage` the method runs as often as `repeats` says through the stages of its executor, and the
    result is the graph of that one, `profiled` or `optimized`. `fusion` is empty, or says how operators are
    fused on the CPU meanwhile: `static` as torch does it by default, `dynamic` for all sizes at once.

    With `staged` runs these are made instead, and the result is all graphs that the executor made of them.

    With a profile, values that flow are kept up to `keep_bytes` in sum until the next run, for
    `LookAtKept`; `libraries` are what the runner was started with; `find_nan` looks for the first NaN,
    and `spans` tells when each node ran. `measure` has the machine measured, unless this process has done it.
    """

    path: str
    module_path: str
    method: str
    passes: list[str]
    inputs: list[str]
    inputs_file: str = ""
    outputs_file: str = ""
    trace_file: str = ""
    device: str = "cpu"
    repeats: int = 1
    warmup: int = 0
    seed: int = 0
    profile: bool = True
    allow_files: bool = False
    memory: int = -1
    memory_advice: str = "allow more with --memory, or lift the limit with --memory 0"
    threads: int = 0
    keep_bytes: int = 0
    find_nan: bool = False
    spans: bool = False
    measure: bool = False
    compiled: bool = False
    libraries: tuple[str, ...] = ()
    stage: str = ""
    staged: list[StagedInputs] = msgspec.field(default_factory=list)
    fusion: str = ""


class HandedFile(msgspec.Struct, frozen=True):
    """A file that was opened for the runner, or the number of the error that opening it gave."""

    path: str
    error: int = 0


class TakeFiles(RunnerRequest, frozen=True, tag=True):
    """Files that the next request names; those of before are given up. No answer.

    With it came a descriptor for each that has no error, in their order.
    """

    files: list[HandedFile]


class LookAtKept(RunnerRequest, frozen=True, tag=True):
    """Show a value that the run with the id `run` kept; answered by `ValueSeen`.

    It is output `index` of the node, or input `index` of the graph if `node_id` is -1. `slice`,
    `first_row` and `first_column` choose the part of a tensor whose elements are told.
    """

    run: int
    node_id: int
    index: int
    slice: int = 0
    first_row: int = 0
    first_column: int = 0


class EvaluateRequest(RunnerRequest, frozen=True, tag=True):
    """Compute one operator on constants, for folding: arguments and result are encoded constants.

    `operator` is `aten::add.Tensor`; `arguments` is what `jitviewer.protocol.constants` encodes.
    `max_bytes` bounds the size of the result.
    """

    operator: str
    arguments: bytes
    max_bytes: int


class Shutdown(RunnerRequest, frozen=True, tag=True):
    """End the process."""


class Pong(RunnerReply, frozen=True, tag=True):
    """The runner is alive; the versions it runs with, and whether it can reach nothing but its pipes."""

    torch_version: Words
    python_version: Words
    is_confined: bool = False


class Devices(RunnerReply, frozen=True, tag=True):
    """The devices, the absent ones with the reason."""

    devices: Annotated[list[DeviceRow], Several]


class RunProgress(RunnerReply, frozen=True, tag=True):
    """How far a run is: `stage` (loading, compiling, warm-up, running), `done` of `total` repeats.

    `expected_s` is how long the whole run is expected to take, 0 while nothing is known of that.
    """

    stage: Words
    done: Count
    total: Count
    elapsed_s: Seconds
    expected_s: Seconds = 0.0


class RunPrinted(RunnerReply, frozen=True, tag=True):
    """Text that the program printed."""

    text: Printed


class RunResult(RunnerReply, frozen=True, tag=True):
    """The run is done. Times are empty without profiling; `wall_us` are whole runs, one per repeat.

    `input_types` are the observed types of the graph's inputs in order. `first_nan` is the node that
    first gave a NaN although it was given none (-1: no such node). `graph` is the text of the stage that was
    asked for, "" if none was; `stages` are the graphs of all, if they were. `memory` is told with a profile,
    `machine` where it was measured.
    """

    outputs: Annotated[list[ValueRow], OfValues]
    times: Annotated[list[NodeTime], OfNodes]
    wall_us: Annotated[list[Microseconds], OfRepeats]
    device: Words
    notes: Annotated[list[Words], OfValues]
    inputs: Annotated[list[ValueRow], OfValues]
    input_types: Annotated[list[Words], OfInputs] = msgspec.field(default_factory=list)
    spans: Annotated[list[SpanRow], OfNodes] = msgspec.field(default_factory=list)
    kept: KeptRow = KeptRow()
    first_nan: Number = -1
    graph: Whole = ""
    stages: Annotated[list[StageRow], Several] = msgspec.field(default_factory=list)
    memory: MemoryRow = MemoryRow()
    machine: MachineRow = MachineRow()


class RunFailed(RunnerReply, frozen=True, tag=True):
    """The run failed: one sentence, TorchScript's traceback, and the node it failed at (-1: unknown).

    `times` are those of the nodes that ran until then, of runs with a profile.
    """

    sentence: Words
    traceback: Words
    node_id: Number
    times: Annotated[list[NodeTime], OfNodes] = msgspec.field(default_factory=list)


class ValueSeen(RunnerReply, frozen=True, tag=True):
    """A look at a kept value; or with `why_not` the reason why there is none."""

    look: ValueLook | None
    why_not: Words


class Evaluated(RunnerReply, frozen=True, tag=True):
    """The folded constant, encoded; or with `why_not` the reason why there is none."""

    result: Constant
    why_not: Words


AnyRun = RunRequest | CompareRuns | GoldenRun | ComparePipelines
"""Requests that run a method of an archive, with inputs and libraries that are handed to the runner."""

AnyRunnerRequest = (
    Ping | ListDevices | TakeFiles | AnyRun | LookAtKept | EvaluateRequest | Shutdown
    | OpenScript | CompileScriptable | ProposeInputs | RenderScriptable | CompareScriptable
)  # fmt: skip
AnyRunnerReply = (
    Pong | Devices | RunProgress | RunPrinted | RunResult | RunFailed | ValueSeen | Evaluated
    | ScriptOpened | ScriptChanged | ScriptableCompiled | InputsProposed | ScriptableRendered
    | ScriptableDiagnosed | RunsCompared | GoldenSaved | PipelinesCompared
)  # fmt: skip
