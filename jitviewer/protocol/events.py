"""What the engine tells the window."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from jitviewer.protocol.bounded import (
    Count,
    Microseconds,
    Number,
    OfEdges,
    OfFacts,
    OfInputs,
    OfLines,
    OfNodes,
    OfPasses,
    OfProblems,
    OfRepeats,
    OfRows,
    OfSteps,
    OfValues,
    Printed,
    Seconds,
    Several,
    Whole,
    Words,
)  # fmt: skip
from jitviewer.protocol.bounds import FACT_CHARACTERS
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.diagnosis_rows import DiagnosisRow
from jitviewer.protocol.every_kind import every_kind
from jitviewer.protocol.rows import (
    CanvasEdge,
    CanvasItem,
    CanvasView,
    DeviceRow,
    Fact,
    InputRow,
    NodeTime,
    PassExampleRow,
    PassReportRow,
    PassRow,
    PresetRow,
    ProblemRow,
    StepRow,
    TextView,
    TreeRow,
    ValueRow,
)  # fmt: skip
from jitviewer.protocol.run_rows import KeptRow, MachineRow, MemoryRow, SpanRow, ValueLook
from jitviewer.protocol.stage_rows import StageRow
from jitviewer.protocol.trust import TrustedContent


def check_facts(facts: list[Fact]) -> None:
    """Raise `ValueError` for facts that are longer than what is laid out at once."""
    if sum(len(fact.group) + len(fact.name) + len(fact.text) for fact in facts) > FACT_CHARACTERS:
        raise ValueError(f"the facts have more than {FACT_CHARACTERS:,} characters")


class Event(msgspec.Struct, frozen=True, tag=True):
    """Base of all events. `document` is 0 for events of the engine itself."""

    document: Number


class EngineReady(Event, frozen=True, tag=True):
    """The engine listens; the pass catalogue, versions, and pipelines to start from.

    `confinement` says by what the processes that meet a file are confined; `unconfined`, if it is not empty,
    what a fault could reach all the same.
    """

    passes: Annotated[list[PassRow], Several]
    version: Words
    presets: Annotated[list[PresetRow], Several] = []
    confinement: Words = ""
    unconfined: Words = ""


class DocumentOpened(Event, frozen=True, tag=True):
    """A file is open: its tree, and a line that sums it up (producer, version, parameters, bytes).

    `why_no_program` says of a file of tensors that there is no code in it, and what to do; "" of others.
    """

    path: Words
    title: Words
    summary: Words
    tree: Annotated[list[TreeRow], OfRows]
    why_no_program: Words = ""


class DocumentFailed(Event, frozen=True, tag=True):
    """A file cannot be opened; one sentence."""

    path: Words
    sentence: Words


class TrustWanted(Event, frozen=True, tag=True):
    """The file is a program: to list what it defines it has to be run, and the person is to say whether.

    `found` is what the person would trust: the file as it is now.
    """

    path: Words
    found: TrustedContent


class TreeChanged(Event, frozen=True, tag=True):
    """The tree of an open document has other rows now."""

    tree: Annotated[list[TreeRow], OfRows]


class ProblemsFound(Event, frozen=True, tag=True):
    """What of a Python file cannot be compiled, all that is known now."""

    problems: Annotated[list[ProblemRow], OfProblems]


class MethodShown(Event, frozen=True, tag=True):
    """The method that the views now show, its inputs, and the passes that are on.

    `more_inputs` come after those that are listed: they get what is proposed for them.
    """

    module_path: Words
    method: Words
    inputs: Annotated[list[InputRow], OfInputs]
    passes: Annotated[list[Words], OfPasses]
    more_inputs: Count = 0


class TraceProposed(Event, frozen=True, tag=True):
    """Inputs that an object of a Python file can be traced with, made with `arguments` if it is a class."""

    name: Words
    arguments: Words
    inputs: Annotated[list[InputRow], OfInputs]


class MethodFailed(Event, frozen=True, tag=True):
    """A method cannot be shown; the views keep what they had. `sentence` says what, where, what to do."""

    module_path: Words
    method: Words
    sentence: Words


class CodeChanged(Event, frozen=True, tag=True):
    """The text of `.code`; `after_passes` and `is_original` tell which form it is."""

    view: TextView
    after_passes: bool
    is_original: bool = False


class SourceChanged(Event, frozen=True, tag=True):
    """The text of a Python file, its lines linked with the nodes of the shown graph. `line` is the first
    (from 0) that belongs to the shown method itself, not to what it calls."""

    view: TextView
    line: Number = 0


class NameExplained(Event, frozen=True, tag=True):
    """What a word of a text means; no facts where nothing is known of it."""

    word: Words
    title: Words
    facts: Annotated[list[Fact], OfFacts]

    def __post_init__(self) -> None:
        """Raises `ValueError` for facts that are longer than what is laid out at once."""
        check_facts(self.facts)


class ParseableGiven(Event, frozen=True, tag=True):
    """The shown graph as text for torch's parser; `changes` says what was changed for it, or what it will
    not take ("" for nothing)."""

    text: Whole
    changes: Words


class GraphChanged(Event, frozen=True, tag=True):
    """The text of `.graph`."""

    view: TextView


class CanvasChanged(Event, frozen=True, tag=True):
    """A new canvas. Items keep their ids, so that the window can morph and keep its place; `anchor` is
    the item that should stay where it is on the screen ("" for none). `parts` came before, with the first
    items and edges."""

    view: CanvasView
    anchor: Words
    parts: Count = 0


class CanvasPart(Event, frozen=True, tag=True):
    """Items and edges of a canvas that is too large for one message; `CanvasChanged` ends it. `number` counts
    the parts from 0."""

    number: Count
    items: Annotated[list[CanvasItem], OfNodes]
    edges: Annotated[list[CanvasEdge], OfNodes]


class FlowHighlighted(Event, frozen=True, tag=True):
    """What is highlighted on the canvas, in one sentence ("" for nothing), and the ids of the items and
    edges that belong to it."""

    sentence: Words
    items: Annotated[list[Words], OfEdges]
    edges: Annotated[list[Words], OfEdges]


class ValuesObserved(Event, frozen=True, tag=True):
    """Types of values in the last run of the shown graph, `Float(1, 64)` by name `%x`; none if it did
    not run."""

    types: Annotated[dict[Words, Words], OfEdges]


class StepsChanged(Event, frozen=True, tag=True):
    """The rewrites of the pipeline, and how many of them are applied."""

    reports: Annotated[list[PassReportRow], OfPasses]
    steps: Annotated[list[StepRow], OfSteps]
    position: Count

    def __post_init__(self) -> None:
        """Raises `ValueError` for a pass or a position beyond the steps, which are looked up by them."""
        count = len(self.steps)
        if self.position > count or any(row.first_step + row.steps > count for row in self.reports):
            raise ValueError(f"a pass or the position is beyond the {count} steps")


class PassDiffShown(Event, frozen=True, tag=True):
    """The graph before and after one pass, in texts of equally many lines; `groups` are the first lines of
    what changed."""

    name: Words
    before: TextView
    after: TextView
    groups: Annotated[list[Number], OfLines]


class Inspected(Event, frozen=True, tag=True):
    """Facts on the inspected thing; `node_id` is -1 for a line of the tree. `tensor` names the tensor that
    the line stands for ("" for none)."""

    title: Words
    node_id: Number
    facts: Annotated[list[Fact], OfFacts]
    tensor: Words = ""

    def __post_init__(self) -> None:
        """Raises `ValueError` for facts that are longer than what is laid out at once."""
        check_facts(self.facts)


class RecordShown(Event, frozen=True, tag=True):
    """A record as text, and the line to show of it."""

    view: TextView
    line: Number = 0


class DevicesListed(Event, frozen=True, tag=True):
    """The devices of the runner."""

    devices: Annotated[list[DeviceRow], Several]


class RunStarted(Event, frozen=True, tag=True):
    """A run was handed to the runner."""


class RunMoved(Event, frozen=True, tag=True):
    """Progress: `stage`, `done` of `total` repeats, seconds since the start, and how many the whole
    run is expected to take (0: unknown)."""

    stage: Words
    done: Count
    total: Count
    elapsed_s: Seconds
    expected_s: Seconds = 0.0


class RunDone(Event, frozen=True, tag=True):
    """Results and times of a finished run; `wall_us` one per repeat; what the program printed.

    `number` counts the finished runs of the document; `module_path`, `method`, `passes` and `inputs` say
    what was run. `spans` are those of the last repeat. `first_nan` is the node that first gave a NaN
    (-1: none did). `memory` and `machine` are those of `RunResult`.
    """

    outputs: Annotated[list[ValueRow], OfValues]
    times: Annotated[list[NodeTime], OfNodes]
    wall_us: Annotated[list[Microseconds], OfRepeats]
    device: Words
    notes: Annotated[list[Words], Several]
    printed: Printed
    number: Count = 0
    module_path: Words = ""
    method: Words = ""
    passes: Annotated[list[Words], OfPasses] = []
    inputs: Annotated[list[Words], OfInputs] = []
    spans: Annotated[list[SpanRow], OfNodes] = []
    kept: KeptRow = KeptRow()
    first_nan: Number = -1
    memory: MemoryRow = MemoryRow()
    machine: MachineRow = MachineRow()


class StagesDone(Event, frozen=True, tag=True):
    """Runs through the stages of an executor are done: the graphs that it made, a row after that which it
    came of."""

    module_path: Words
    method: Words
    stages: Annotated[list[StageRow], Several]
    notes: Annotated[list[Words], OfValues] = []
    printed: Words = ""


class RunStopped(Event, frozen=True, tag=True):
    """A run ended without a result: `reason` is failed, cancelled, overdue or died; one sentence, and a
    traceback through the original source if there is one. `node_id` is where (-1: unknown).

    `times` are those of the nodes that ran until a failure; `module_path`, `method` and `passes` say what
    was run.
    """

    reason: Words
    sentence: Words
    traceback: Words
    node_id: Number
    times: Annotated[list[NodeTime], OfNodes] = []
    module_path: Words = ""
    method: Words = ""
    passes: Annotated[list[Words], OfPasses] = []


class ValueLooked(Event, frozen=True, tag=True):
    """A value of the last run, `name` with its `%`, output `index` of `node_id` (-1: an input of the
    graph); `look` is None if it cannot be shown, and `why_not` says why."""

    name: Words
    node_id: Number
    index: Number
    look: ValueLook | None
    why_not: Words


class ComparisonMoved(Event, frozen=True, tag=True):
    """How far a comparison is: loading, compiling, running."""

    stage: Words


class ComparisonDone(Event, frozen=True, tag=True):
    """How the graphs of two documents correspond, and where runs of both part."""

    comparison: ComparisonRow


class ComparisonStopped(Event, frozen=True, tag=True):
    """There is no comparison; `sentence` says why."""

    sentence: Words


class DiagnosisMoved(Event, frozen=True, tag=True):
    """A diagnosis of an object of a Python file is under way: `sentence` says what is done for it."""

    name: Words
    sentence: Words


class DiagnosisDone(Event, frozen=True, tag=True):
    """Why a trace of an object of a Python file differs from it, or that it does not."""

    diagnosis: DiagnosisRow


class DiagnosisStopped(Event, frozen=True, tag=True):
    """There is no diagnosis; `sentence` says why."""

    sentence: Words


class PassExampleGiven(Event, frozen=True, tag=True):
    """What a pass does to its example; or with `why_not` why that cannot be shown. `document` is 0."""

    name: Words
    example: PassExampleRow | None
    why_not: Words = ""


class VersionsTold(Event, frozen=True, tag=True):
    """What the runner runs with: pairs of a name and a version, or why there is none."""

    versions: Annotated[list[tuple[Words, Words]], Several]


class Alive(Event, frozen=True, tag=True):
    """The engine lives, and may be busy."""


class TensorLooked(Event, frozen=True, tag=True):
    """A tensor of the archive; `look` is None if it cannot be shown, and `why_not` says why.
    `is_complete` is false while statistics are still being counted."""

    name: Words
    look: ValueLook | None
    why_not: Words
    is_complete: bool


class Notice(Event, frozen=True, tag=True):
    """One sentence for the message line; `level` is info, warning or error."""

    level: Literal["info", "warning", "error"]
    sentence: Words


AnyEvent = every_kind(Event)
