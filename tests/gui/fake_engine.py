"""An engine with canned answers, to be used in the test's own process or started as a child."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from msgspec.structs import replace

from jitviewer.protocol import events, requests
from jitviewer.protocol.framing import encode, read_messages
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import (
    CanvasEdge,
    CanvasItem,
    CanvasView,
    DeviceRow,
    Fact,
    InputRow,
    NodeTime,
    PassExampleRow,
    PassOptionRow,
    PassReportRow,
    PassRow,
    PresetRow,
    ProblemRow,
    StepRow,
    TextView,
    TreeRow,
    ValueRow,
    course_of,
)  # fmt: skip
from jitviewer.protocol.run_rows import (
    KeptRow,
    LiveRow,
    MachineRow,
    MemoryPointRow,
    MemoryRow,
    SpanRow,
    ValueLook,
)
from jitviewer.protocol.stage_rows import GuardRow, StagedInputs, StageRow
from jitviewer.protocol.traced_names import traced_name
from jitviewer.protocol.trust import TrustedContent

PASSES = [
    PassRow(
        "inline",
        "Inline",
        "Put bodies in place of calls",
        "Put bodies in place of calls, before and after",
        family="Cleaning",
    ),
    PassRow(
        "dce",
        "_jit_pass_dce",
        "Drop what nobody reads",
        "Drop nodes whose results nobody reads",
        [PassOptionRow("allow_deleting_nodes_with_side_effects", "bool", "false", "drop effects as well")],
        "Cleaning",
    ),
    PassRow(
        "cse",
        "_jit_pass_cse",
        "Merge equal nodes",
        "Merge nodes that compute the same",
        [],
        "Algebra",
        "nothing is written to",
    ),
]
TREE = [
    TreeRow(1, 0, "module", "(root)", "", "Gate", 300),
    TreeRow(2, 1, "method", "forward", "", "(x: Tensor) -> Tensor", 0),
    TreeRow(3, 1, "module", "warm", "warm", "Linear", 200),
    TreeRow(4, 3, "method", "forward", "warm", "(input: Tensor) -> Tensor", 0),
    TreeRow(5, 3, "parameter", "weight", "warm", "float32[4, 8]", 128),
    TreeRow(6, 0, "group", "Records", "", "1", 40),
    TreeRow(7, 6, "record", "code/gate.py", "code/gate.py", "40 bytes", 40),
]
SCRIPT_TREE = [
    TreeRow(
        1,
        0,
        "scriptable",
        "Net",
        "",
        "needs arguments: (width: int, bias: bool = (1 > 0))",
        0,
        "width: int, bias: bool = (1 > 0)",
    ),
    TreeRow(2, 0, "function", "scale", "", "line 3", 0),
    TreeRow(3, 0, "function", "bad", "", "cannot be compiled: Lambda expressions are not supported", 0),
    TreeRow(4, 0, "scriptable", "Config", "", "class, line 9", 0),
    TreeRow(5, 0, "scriptable", "Broken", "", "cannot be compiled: it has no source", 0),
]
CODE = "def forward(self,\n    x: Tensor) -> Tensor:\n  y = torch.relu(x)\n  return torch.mul(y, 0.5)\n"
GRAPH = (
    "graph(%self : __torch__.Gate,\n      %x : Tensor):\n"
    "  %2 : float = prim::Constant[value=0.5]() # gate.py:3:1\n"
    "  %y : Tensor = aten::relu(%x) # gate.py:4:1\n"
    "  %5 : Tensor = aten::mul(%y, %2) # gate.py:5:1\n  return (%5)\n"
)
GRAPH_NODES = [[], [], [10], [11], [12], []]
PRESETS = [
    PresetRow("As saved", "No passes", []),
    PresetRow("Tidied", "Without what nobody reads", ["inline", "dce"]),
]
STEPS = [
    StepRow(
        0, "dce", "drop-node", "a node nobody reads ->", "dce.py", 40, "nobody reads %7", [11], [], [13], []
    ),
    StepRow(
        1, "dce", "drop-node", "a node nobody reads ->", "dce.py", 40, "nobody reads %8", [12], [], [14], []
    ),
]
BROKEN, DEADLY = "broken.pt", "deadly.pt"
"""Names of files that cannot be opened, and whose opening ends the engine."""


def canvas(
    is_open: bool = True, mark: str = "", constants: bool = False, repeats: bool = False
) -> CanvasView:
    """Input, a frame with one node, and a node; closed, the frame is a box."""
    height = 120.0 if is_open else 44.0
    items = [
        CanvasItem("in1", "root", "input", "%x", "Tensor", 40, 10, 84, 44, [], "io", None, ""),
        CanvasItem(
            "root/warm", "root", "frame", "warm", "Linear", 20, 90, 140, height, [11], "other", is_open, ""
        ),
        CanvasItem("n12", "root", "node", "mul", "0.5", 40, 260, 84, 44, [12], "elementwise", None, mark),
    ]
    if is_open:
        items.insert(
            2,
            CanvasItem("n11", "root/warm", "node", "relu", "", 40, 140, 84, 30, [11], "activation", None, ""),
        )
    target = "n11" if is_open else "root/warm"
    edges = [
        CanvasEdge("e1", "in1", target, course_of([(82, 54), (82, 70), (82, 80), (82, 90)]), "%x", "Tensor"),
        CanvasEdge(
            "e2", target, "n12", course_of([(82, 210), (82, 230), (82, 240), (82, 260)]), "%y", "Tensor"
        ),
    ]
    if constants:
        items.append(
            CanvasItem("n10", "root", "node", "Constant", "0.5", 130, 200, 84, 44, [10], "constant", None, "")
        )
    if repeats:
        items.append(
            CanvasItem(
                "r*", "root", "repeat", "a … c", "3 x A", 20, 320, 120, 44, [20, 21], "other", False, ""
            )
        )
    return CanvasView(180.0, 380.0 if repeats else 320.0, items, edges, "", constants, repeats)


def look(number: int, row: int, column: int) -> ValueLook:
    """A look at a tensor of shape [2, 100, 40]."""
    cells = [[f"{number}.{row + r}.{column + c}" for c in range(16)] for r in range(min(64, 100 - row))]
    facts = [Fact("Tensor", "dtype", "float32"), Fact("Statistics", "NaN", "3")]
    return ValueLook(
        "Float(2, 100, 40)", facts, [1, 5, 2], -1.0, 2.0, [2, 100, 40], 2, number, 100, 40, row, column,
        cells, bytes(range(200)), 20, 10,
    )  # fmt: skip


SCRIPT = "import torch\ndef scale(x):\n    y = x.relu()\n    return y * 0.5\n"


def stages(runs: list[StagedInputs]) -> list[StageRow]:
    """The stages after some runs: inputs that vary are sent on by a guard, to stages of their own."""
    guard = GuardRow("prim::TypeCheck", "%x : Float(2, 8)", sum(run.times for run in runs[:1]) - 1)
    rows = [
        StageRow("written", GRAPH, 12),
        StageRow("profiled", GRAPH, 20, runs=1),
        StageRow("optimized", GRAPH, 9, runs=sum(run.times for run in runs) - 1, guards=[guard]),
    ]
    for run in runs[1:]:
        parent = next(at for at in reversed(range(len(rows))) if rows[at].guards)
        above = rows[parent]
        seen = f"{run.inputs[0]}"
        failed = replace(above.guards[0], failed=run.times, reasons=[seen])
        rows[parent] = replace(above, guards=[failed])
        rows.append(StageRow("optimized", GRAPH, 9, parent, run.times, [replace(guard, wanted=seen)]))
    return rows


class FakeEngine:
    """Answers requests as the engine does, always with the same small model.

    Attributes: `requests`, all that was asked; `holds_runs`: a run does not end until it is cancelled;
    `digest` of the content of Python files.
    """

    def __init__(self) -> None:
        self.requests: list[requests.Request] = []
        self.holds_runs = False
        self.fails_runs = False
        self.failed_times: list[NodeTime] = []
        self.digest = "0" * 64
        self._runs = 0
        self._passes: dict[int, list[str]] = {}
        self._after: dict[int, bool] = {}

    def hello(self) -> list[events.Event]:
        """What the engine says when it starts."""
        return [events.EngineReady(0, PASSES, "0", PRESETS)]

    def answer(self, request: requests.Request) -> list[events.Event]:
        """The events that a request leads to."""
        self.requests.append(request)
        number = request.document
        match request:
            case requests.OpenDocument(path=path, trusted=trusted) if path.endswith(".py"):
                found = TrustedContent(path, self.digest)
                if trusted != found:
                    return [events.TrustWanted(number, path, found)]
                return self._open_script(number, path)
            case requests.CompileObject(name=name):
                tree = [TreeRow(1, 0, "module", name, f"{name}:", name, 10), *SCRIPT_TREE[1:]]
                return [events.TreeChanged(number, tree), *self._method(number, f"{name}:", "forward")]
            case requests.ProposeTrace(name=name, arguments=arguments):
                rows = [
                    InputRow("x", "", "float32[2,8]", "layer takes 8 features", required=True),
                    InputRow("factor", "float", "", "the default", required=False),
                ]
                return [events.TraceProposed(number, name, arguments, rows)]
            case requests.TraceObject(name=name, inputs=inputs):
                return self._trace(number, name, inputs)
            case requests.DiagnoseObject(name=name):
                return [events.DiagnosisMoved(number, name, f"Running {name}.")]
            case requests.CancelDiagnosis():
                return [events.DiagnosisStopped(number, "The comparison was stopped.")]
            case requests.StopObject():
                return self._traced(number, "forever", "tracing forever was stopped")
            case requests.OpenDocument(path=path, place=place):
                return self._open(number, path, place)
            case requests.ShowMethod(module_path=path, method=method):
                if method == "missing":
                    return [events.MethodFailed(number, path, method, "There is no such method.")]
                return self._method(number, path, method)
            case requests.SetPasses(passes=passes):
                self._passes[number] = passes
                return self._views(number, len(self._steps(number)), "made" if "dce" in passes else "")
            case requests.GoToStep(position=position):
                return self._views(number, position, "changed")
            case requests.ShowPassDiff(name=name):
                before = TextView(
                    "before", "graph", GRAPH + "\n" * 60, GRAPH_NODES, {3: "removed", 60: "removed"}
                )
                after = TextView("after", "graph", GRAPH + "\n" * 60, GRAPH_NODES, {4: "made"})
                return [events.PassDiffShown(number, name, before, after, [3, 60])]
            case requests.ExplainName(word=word):
                return [events.NameExplained(number, word, word, [Fact("", "", f"All about {word}.")])]
            case requests.AskParseable():
                return [events.ParseableGiven(number, "graph(): parseable", "calls are inlined")]
            case requests.SetCodeForm(is_original=True):
                view = TextView(
                    "original", "source", "# net.py\ny = x.relu()\n", [[], [11]], {}, "", [], [0, 17]
                )
                return [events.CodeChanged(number, view, False, is_original=True)]
            case requests.SetCodeForm(after_passes=after):
                self._after[number] = after
                return [self._code(number)]
            case requests.ToggleItem(item=item, is_open=is_open):
                return [events.CanvasChanged(number, canvas(is_open), item)]
            case requests.ChooseCanvas(shows_constants=constants, merges_repeats=repeats):
                shown = canvas(constants=constants, repeats=repeats)
                return [events.CanvasChanged(number, shown, "")]
            case requests.ShowConstants(is_shown=is_shown):
                return [events.CanvasChanged(number, canvas(constants=is_shown), "n12")]
            case requests.UnrollItem():
                return [events.CanvasChanged(number, canvas(), "")]
            case requests.HighlightFlow(item=item):
                lit = ([item, "n12"], ["e2"]) if item else ([], [])
                sentence = f"1 of 2 nodes depends on {item}." if item else ""
                return [events.FlowHighlighted(number, sentence, *lit)]
            case requests.SetAllItems(is_open=is_open):
                return [events.CanvasChanged(number, canvas(is_open), "")]
            case requests.RevealNode(node_id=node):
                return [events.CanvasChanged(number, canvas(True), f"n{node}")]
            case requests.InspectNode(node_id=node):
                facts = [
                    Fact("", "", "Negative elements become zero."),
                    Fact("Inputs", "self", "%y from aten::relu", "node:11"),
                    Fact("Inputs", "weight", "%w = warm.weight, float32[4, 8]", "tensor:warm.weight"),
                    Fact("Outputs", "%y", "Tensor"),
                ]
                return [events.Inspected(number, f"aten::relu #{node}", node, facts)]
            case requests.InspectTreeRow(row=row):
                found = TREE[row - 1]
                tensor = f"{found.path}.{found.name}" if found.kind == "parameter" else ""
                return [events.Inspected(number, found.name, -1, [Fact("", "", "a line")], tensor)]
            case requests.LookAtTensor(name=name):
                part = (request.slice, request.first_row, request.first_column)
                # Statistics of large tensors come later.
                first = events.TensorLooked(number, name, look(*part), "", is_complete=False)
                return [first, events.TensorLooked(number, name, look(*part), "", is_complete=True)]
            case requests.ShowRecord(record=record):
                return [
                    events.RecordShown(number, TextView(record, "source", "class Gate:\n  pass\n", [], {}))
                ]
            case requests.AskPassExample(name="inline"):
                return [events.PassExampleGiven(0, "inline", None, "There is no example today.")]
            case requests.AskPassExample() if self.holds_runs:
                return []
            case requests.AskPassExample(name=name):
                before = TextView("before", "graph", "graph():\n  x\n", [[], [1]], {1: "removed"})
                after = TextView("after", "graph", "graph():\n\n", [[], []], {})
                reasons = [f"reason {n}" for n in range(20)]
                row = PassExampleRow("", "graph", ["inline", name], 1, before, after, [1], reasons)
                return [events.PassExampleGiven(0, name, row)]
            case requests.AskVersions():
                return [events.VersionsTold(0, [("torch", "2.9.0"), ("Python of the runner", "3.12.1")])]
            case requests.AskDevices():
                rows = [DeviceRow("cpu", "4 threads", ""), DeviceRow("cuda", "", "no NVIDIA driver")]
                return [events.DevicesListed(number, rows)]
            case requests.Run():
                return self._run(number)
            case requests.RunStages(runs=runs):
                begun: list[events.Event] = [
                    events.RunStarted(number), events.RunMoved(number, "running", 1, 2, 0.1)
                ]  # fmt: skip
                if self.holds_runs:
                    return begun
                if self.fails_runs:
                    return [*begun, events.RunStopped(number, "failed", "relu failed", "", -1)]
                return [*begun, events.StagesDone(number, "", "forward", stages(runs), ["A note."])]
            case requests.OpenGraph(title=title, place=place):
                return self._open(number, title, place)
            case requests.LookAtValue(value=value, node_id=node, index=index):
                part = (request.slice, request.first_row, request.first_column)
                return [events.ValueLooked(number, value or "%y", node, index, look(*part), "")]
            case requests.CancelRun():
                return [events.RunStopped(number, "cancelled", "The run was cancelled.", "", -1)]
            case _:
                return []

    def _open(self, number: int, path: str, place: DocumentPlace | None) -> list[events.Event]:
        name = Path(path).name
        if name == BROKEN:
            return [events.DocumentFailed(number, path, f"{path} is not a zip file.")]
        self._passes[number] = list(place.passes) if place is not None else ["inline"]
        opened = events.DocumentOpened(number, path, name, "TorchScript archive, format version 3", TREE)
        if place is not None:
            self._after[number] = place.code_after_passes
            return [opened, *self._method(number, place.module_path, place.method)]
        return [opened, *self._method(number, "", "forward")]

    def _open_script(self, number: int, path: str) -> list[events.Event]:
        self._passes[number] = ["inline"]
        problem = ProblemRow("bad", path, 7, 4, "Lambda expressions are not supported", "    f = lambda x: x")
        return [
            events.DocumentOpened(number, path, Path(path).name, "Python file, 3 objects", SCRIPT_TREE),
            events.ProblemsFound(number, [problem, ProblemRow("Broken", path, 9, 0, "it has no source")]),
            events.SourceChanged(number, TextView("net.py", "source", SCRIPT, [[], [], [11], [10]], {})),
            *self._method(number, "", "scale"),
        ]

    def _trace(self, number: int, name: str, inputs: list[str]) -> list[events.Event]:
        """The trace of an object; of `forever` it never comes, of wrong inputs it is refused."""
        under_way = TreeRow(9, 0, "scriptable", traced_name(name), "", "tracing", 0)
        begun = events.TreeChanged(number, [*SCRIPT_TREE, under_way])
        if name == "forever":
            return [begun]
        return [begun, *self._traced(number, name, "wrong sizes" if "float32[9]" in inputs else "")]

    def _traced(self, number: int, name: str, problem: str) -> list[events.Event]:
        made = traced_name(name)
        if problem:
            row = TreeRow(9, 0, "scriptable", made, "", f"cannot be traced: {problem}", 0)
            problems = [ProblemRow(made, "models/net.py", 4, 0, problem)]
            views: list[events.Event] = [events.MethodFailed(number, f"{made}:", "", problem)]
        else:
            row = TreeRow(9, 0, "module", made, f"{made}:", name, 0)
            problems = [ProblemRow(made, "models/net.py", 2, 0, "a boolean", "", is_warning=True)]
            views = self._method(number, f"{made}:", "forward")
        tree = [*SCRIPT_TREE, row]
        return [events.TreeChanged(number, tree), events.ProblemsFound(number, problems), *views]

    def _method(self, number: int, path: str, method: str) -> list[events.Event]:
        inputs = [
            InputRow("x", "Tensor", "float32[2,8]", "linear warm takes 8 features", required=True),
            InputRow("scale", "Optional[float]", "", "", required=False),
        ]
        shown = events.MethodShown(number, path, method, inputs, self._passes[number])
        return [shown, *self._views(number, len(self._steps(number)), "")]

    def _steps(self, number: int) -> list[StepRow]:
        return STEPS if "dce" in self._passes[number] else []

    def _code(self, number: int) -> events.CodeChanged:
        after = self._after.get(number, False)
        text = CODE.replace("0.5", "0.25") if after else CODE
        return events.CodeChanged(number, TextView("code", "code", text, [[], [], [11], [10, 12]], {}), after)

    def _views(self, number: int, position: int, mark: str) -> list[events.Event]:
        steps = self._steps(number)
        reports = [
            PassReportRow(name, name == "dce", 0, len(steps) if name == "dce" else 0, 12, 10, 0.001, "")
            for name in self._passes[number]
        ]
        marks = {4: mark} if mark else {}
        title = "graph after " + ", ".join(self._passes[number])
        return [
            self._code(number),
            events.GraphChanged(number, TextView(title, "graph", GRAPH, GRAPH_NODES, marks)),
            events.StepsChanged(number, reports, steps, position),
            events.CanvasChanged(number, canvas(mark=mark), ""),
        ]

    def _run(self, number: int) -> list[events.Event]:
        begun: list[events.Event] = [events.RunStarted(number), events.RunMoved(number, "running", 1, 5, 0.1)]
        if self.holds_runs:
            return begun
        if self.fails_runs:
            sentence = "aten::relu at gate.py:4 failed: out of memory"
            return [
                *begun,
                events.RunStopped(
                    number,
                    "failed",
                    sentence,
                    "Traceback of TorchScript",
                    11,
                    self.failed_times,
                    "",
                    "forward",
                    list(self._passes[number]),
                ),
            ]
        times = [
            NodeTime(
                11,
                "aten::relu",
                3000.0,
                3000.0,
                2900.0,
                100.0,
                1,
                ["Float(2, 8)"],
                moved=128,
                allocated=64,
                peak=192,
            ),
            NodeTime(
                12,
                "aten::mul",
                1000.0,
                1000.0,
                900.0,
                50.0,
                1,
                ["Float(2, 8)"],
                flops=4_000_000,
                moved=400_000,
                allocated=64,
                peak=256,
            ),
        ]
        outputs = [ValueRow("output", "Float(2, 8)", "min 0, mean 0.2, max 1.1")]
        self._runs += 1
        spans = [
            SpanRow(11, "aten::relu", 0.0, 3000.0, 0),
            SpanRow(12, "aten::mul", 3000.0, 1000.0, 0),
        ]
        done = events.RunDone(
            number, outputs, times, [4200.0, 4100.0, 4400.0], "cpu", [], "", self._runs, "", "forward",
            self._passes[number], ["float32[2,8]"], spans, KeptRow(3, 100, 2, 5000, 4096), 12,
            MemoryRow(
                [MemoryPointRow(3000.0, 192, 11), MemoryPointRow(4000.0, 256, 12)], 256, 12,
                [
                    LiveRow(128, -1, "Float(4, 8)"), LiveRow(64, 11, "Float(2, 8)"),
                    LiveRow(64, 12, "Float(2, 8)"),
                ],
                3, 128, 1000, 128, 2,
            ),
            MachineRow(100e9, 10e9, 2),
        )  # fmt: skip
        return [*begun, done, events.ValuesObserved(number, {"%x": "Float(2, 8)", "%y": "Long(2, 4)"})]


def main() -> None:
    """Speak on standard input and output; opening `deadly.pt` ends the process."""
    engine = FakeEngine()

    def emit(answers: list[events.Event]) -> None:
        for event in answers:
            sys.stdout.buffer.write(encode(event))
        sys.stdout.buffer.flush()

    emit(engine.hello())
    for request in read_messages(sys.stdin.buffer, requests.AnyRequest):
        if isinstance(request, requests.OpenDocument) and request.path.endswith(DEADLY):
            print("fatal: the file was too much", file=sys.stderr, flush=True)
            os._exit(7)
        emit(engine.answer(request))


if __name__ == "__main__":
    main()
