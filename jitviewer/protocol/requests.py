"""What the window asks of the engine."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from jitviewer.protocol import events
from jitviewer.protocol.every_kind import every_kind
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.stage_rows import StagedInputs
from jitviewer.protocol.trust import TrustedContent

_FAILURES = (events.MethodFailed, events.Notice)
_VIEWS = (events.CanvasChanged, *_FAILURES)
"""The canvas is the last of the views that are sent."""


class Request(msgspec.Struct, frozen=True, tag=True):
    """Base of all requests. `document` numbers an open document; the window chooses the number.

    A request that is `answered_by` something keeps the window busy until then. Of those that are superseded
    only the newest of a document counts: a person drags a scrubber faster than we draw. Those that leave
    garbage give a graph up, whose nodes and values refer to each other: only a collection frees them.
    """

    answered_by: ClassVar[tuple[type[events.Event], ...]] = ()
    is_superseded: ClassVar[bool] = False
    leaves_garbage: ClassVar[bool] = False

    document: int


class OpenDocument(Request, frozen=True, tag=True):
    """Open a file; answered by `DocumentOpened` and the views of its `forward`, or `DocumentFailed`.

    With a `place` that is shown in the place of `forward`, as far as the file still has it.
    A Python file is executed only while it is what the person `trusted`; else the answer is `TrustWanted`.
    """

    leaves_garbage: ClassVar[bool] = True

    path: str
    place: DocumentPlace | None = None
    trusted: TrustedContent | None = None


class OpenGraph(Request, frozen=True, tag=True):
    """Open a graph that a run of another document made, as `text`; `title` is what it is called.

    Answered as `OpenDocument`.
    """

    leaves_garbage: ClassVar[bool] = True

    title: str
    text: str
    place: DocumentPlace | None = None


class CompileObject(Request, frozen=True, tag=True):
    """Compile an object of a Python file and show it; `arguments` are those of its constructor, as written
    in a call. Answered by `TreeChanged` and `ProblemsFound`, and the views or `MethodFailed`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    name: str
    arguments: str


class ProposeTrace(Request, frozen=True, tag=True):
    """Propose inputs to trace an object of a Python file with; `arguments` are those of its constructor.
    Answered by `TraceProposed` or `MethodFailed`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = (events.TraceProposed, *_FAILURES)

    name: str
    arguments: str


class TraceObject(Request, frozen=True, tag=True):
    """Call an object of a Python file once with `inputs`, as texts, and show what it did.

    `arguments` are those of its constructor. Answered as `CompileObject`; the trace is an object of its own,
    called as `traced_names` say.
    """

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    name: str
    arguments: str
    inputs: list[str]


class StopObject(Request, frozen=True, tag=True):
    """End the process of a Python file that compiles or traces something; that is answered by
    `MethodFailed`. What was made before stays."""


class DiagnoseObject(Request, frozen=True, tag=True):
    """Say why a trace of an object of a Python file, made with `inputs`, differs from it.

    `arguments` are those of its constructor. Answered by `DiagnosisMoved`, and at the end by `DiagnosisDone`
    or `DiagnosisStopped`.
    """

    name: str
    arguments: str
    inputs: list[str]


class CancelDiagnosis(Request, frozen=True, tag=True):
    """Stop a diagnosis by ending its process; answered by `DiagnosisStopped`."""


class CloseDocument(Request, frozen=True, tag=True):
    """Forget a document. No answer."""

    leaves_garbage: ClassVar[bool] = True


class ShowMethod(Request, frozen=True, tag=True):
    """Show another method or function; answered by `MethodShown`, texts, canvas, steps.

    `module_path` is the dotted path of the module ("" is the root); for a free function it is
    empty and `method` is the qualified name.
    """

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS
    is_superseded: ClassVar[bool] = True
    leaves_garbage: ClassVar[bool] = True

    module_path: str
    method: str


class SetPasses(Request, frozen=True, tag=True):
    """Rewrite the shown method by these passes in order; answered by texts, canvas, steps."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS
    is_superseded: ClassVar[bool] = True
    leaves_garbage: ClassVar[bool] = True

    passes: list[str]


class GoToStep(Request, frozen=True, tag=True):
    """Show the graph after `position` rewrites (0: before the first); answered by texts and canvas."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS
    is_superseded: ClassVar[bool] = True

    position: int


class ShowPassDiff(Request, frozen=True, tag=True):
    """Show what a pass of the pipeline did to the text; answered by `PassDiffShown`."""

    name: str


class SetCodeForm(Request, frozen=True, tag=True):
    """Show `.code` as saved in the file, or of the rewritten graph, or the Python that it was made from;
    answered by `CodeChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = (events.CodeChanged, *_FAILURES)

    after_passes: bool
    is_original: bool = False


class ExplainName(Request, frozen=True, tag=True):
    """Tell what a word of a text means; answered by `NameExplained`. `nodes` are those of its line."""

    word: str
    nodes: list[int]


class AskParseable(Request, frozen=True, tag=True):
    """Give the shown graph as text that torch's parser of graphs takes; answered by `ParseableGiven`."""


class ToggleItem(Request, frozen=True, tag=True):
    """Open or close a frame or control node of the canvas; answered by `CanvasChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    item: str
    is_open: bool


class SetAllItems(Request, frozen=True, tag=True):
    """Open or close everything on the canvas; answered by `CanvasChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    is_open: bool


class ChooseCanvas(Request, frozen=True, tag=True):
    """Give every constant a box or none, and show equal parts once or each time; answered by
    `CanvasChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    shows_constants: bool
    merges_repeats: bool


class ShowConstants(Request, frozen=True, tag=True):
    """Give the constants of one node boxes of their own, or fold them into it again; answered by
    `CanvasChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    item: str
    is_shown: bool


class UnrollItem(Request, frozen=True, tag=True):
    """Show every part of a repeat; answered by `CanvasChanged`."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = _VIEWS

    item: str


class HighlightFlow(Request, frozen=True, tag=True):
    """Highlight what depends on an item of the canvas (`kind` users), what it depends on (producers), or a
    shortest path between it and `other` (path); nothing if `item` is "". Answered by `FlowHighlighted`,
    which comes again whenever the canvas changes."""

    answered_by: ClassVar[tuple[type[events.Event], ...]] = (events.FlowHighlighted, *_FAILURES)

    kind: str
    item: str
    other: str = ""


class RevealNode(Request, frozen=True, tag=True):
    """Open whatever hides a node on the canvas; answered by `CanvasChanged`."""

    node_id: int


class InspectNode(Request, frozen=True, tag=True):
    """Tell about a node; answered by `Inspected`."""

    node_id: int


class InspectTreeRow(Request, frozen=True, tag=True):
    """Tell about a line of the tree; answered by `Inspected`."""

    row: int


class ShowRecord(Request, frozen=True, tag=True):
    """Show a raw record, extra file or code file as text; answered by `RecordShown`.

    `name` is a class or function in it to be shown, "" for its beginning.
    """

    record: str
    name: str = ""


class Run(Request, frozen=True, tag=True):
    """Run the shown method; answered by `RunStarted`, `RunMoved`, and `RunDone` or `RunStopped`.

    Operators that reach the file system are refused unless `allow_files`. `memory` is what the run may
    take in bytes: 0 is no limit, negative a share of the machine's. `time_limit` is what it may take in
    seconds from when the runner gets it, loading included; 0 is no limit. `libraries` are words of what the
    runner loads first, which the person named in the form.
    """

    inputs: list[str]
    device: str
    repeats: int
    warmup: int
    seed: int
    allow_files: bool = False
    memory: int = -1
    time_limit: int = 0
    libraries: tuple[str, ...] = ()


class RunStages(Request, frozen=True, tag=True):
    """Run the shown method as it was compiled through the stages of an executor that begins anew; answered by
    `RunStarted`, `RunMoved`, and `StagesDone` or `RunStopped`.

    `runs` are made in order; `fusion` is that of `RunRequest`. The other fields are those of `Run`.
    """

    runs: list[StagedInputs]
    device: str
    seed: int
    allow_files: bool = False
    memory: int = -1
    time_limit: int = 0
    libraries: tuple[str, ...] = ()
    fusion: str = ""


class CancelRun(Request, frozen=True, tag=True):
    """Stop the run of this document by killing the runner; answered by `RunStopped`."""


class CompareDocuments(Request, frozen=True, tag=True):
    """Run the shown method beside that of the document `other`, on the same inputs, and compare every value.

    `inputs` are SPEC texts in the order of the arguments. Answered by `ComparisonMoved`, and at the end by
    `ComparisonDone` or `ComparisonStopped`.
    """

    other: int
    inputs: list[str]
    seed: int = 0
    memory: int = -1


class CancelComparison(Request, frozen=True, tag=True):
    """Stop a comparison; answered by `ComparisonStopped`."""


class LookAtValue(Request, frozen=True, tag=True):
    """Show a value of the last run; answered by `ValueLooked`.

    `value` is its name, with or without `%`; if that is "", it is output `index` of node `node_id`.
    `slice`, `first_row` and `first_column` choose the part of a tensor whose elements are told.
    """

    value: str
    node_id: int = -1
    index: int = 0
    slice: int = 0
    first_row: int = 0
    first_column: int = 0


class LookAtTensor(Request, frozen=True, tag=True):
    """Show a tensor of the archive; answered by `TensorLooked`, twice if its statistics take long.

    `name` is the dotted path of a parameter, buffer or attribute, `CONSTANTS.c0`, or `#` and the number of
    a node of the shown graph that gives a constant. The other fields are those of `LookAtValue`.
    """

    name: str
    slice: int = 0
    first_row: int = 0
    first_column: int = 0


class AskDevices(Request, frozen=True, tag=True):
    """List the devices; answered by `DevicesListed`. Starts the runner if it is not running."""


class AskPassExample(Request, frozen=True, tag=True):
    """Run a pass on its example, which the file `path` holds; answered by `PassExampleGiven`, of document
    0."""

    name: str
    path: str


class AskVersions(Request, frozen=True, tag=True):
    """Tell the versions of what the runner runs with; answered by `VersionsTold`, of document 0."""


class AskAlive(Request, frozen=True, tag=True):
    """Say something, of document 0; answered by `Alive` at once, whatever else the engine is doing."""


AnyRequest = every_kind(Request)
