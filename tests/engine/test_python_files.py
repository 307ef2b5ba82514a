"""A Python file in the engine: run only when trusted, compiled object after object, shown like an archive."""

import os
import signal
from pathlib import Path

import pytest

from jitviewer.engine.scripts import content_of
from jitviewer.protocol import events, requests
from jitviewer.protocol.place import DocumentPlace

PROGRAM = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int, depth: int = 2):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x


def scale(x, factor: float = 2.0):
    return x * factor


def bad(x):
    return (lambda y: y + 1)(x)


class Small(nn.Module):
    def forward(self, x):
        return scale(x, 3.0) + 1
"""


@pytest.fixture
def program(tmp_path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(PROGRAM)
    return path


def opened(engine, path):
    """Open a trusted file; the events until all of it is compiled, by type, the last of each kind."""
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    found = {}
    names = {}
    while set(names.values()) & {"compiling"} or not names:
        for event in engine.until(events.TreeChanged, events.DocumentOpened, events.DocumentFailed):
            found[type(event)] = event
            if isinstance(event, events.DocumentFailed):
                return found
            if isinstance(event, events.TreeChanged | events.DocumentOpened):
                names = {row.name: row.detail for row in event.tree if row.parent == 0}
                found["tree"] = event.tree
    found[events.ProblemsFound] = engine.until(events.ProblemsFound)[-1]
    return found


def test_a_file_that_is_not_trusted_is_not_run(engine, tmp_path):
    path = tmp_path / "writes.py"
    path.write_text(f"open({str(tmp_path / 'trace')!r}, 'w').close()\n")
    engine.send(requests.OpenDocument(1, str(path)))
    assert engine.until(events.TrustWanted)[-1].path == str(path)
    assert not (tmp_path / "trace").exists()


def test_objects_are_compiled_shown_and_run(engine, program):
    found = opened(engine, program)
    rows = {row.name: row for row in found["tree"] if row.parent == 0}
    assert list(rows) == ["Net", "scale", "bad", "Small"]
    assert rows["Net"].kind == "scriptable"
    assert rows["Net"].detail == "needs arguments: (width: int, depth: int = 2)"
    assert rows["Small"].kind == "module"
    assert [row.id for row in found["tree"]] == list(range(1, len(found["tree"]) + 1))
    (problem,) = found[events.ProblemsFound].problems
    assert problem.subject == "bad"
    assert problem.line == PROGRAM.splitlines().index("    return (lambda y: y + 1)(x)") + 1

    engine.send(requests.ShowMethod(1, "", "scale"))
    shown = {type(e): e for e in engine.until(events.CanvasChanged)}
    assert "torch.mul(x, factor)" in shown[events.CodeChanged].view.text
    assert f"{program}:18:" in shown[events.GraphChanged].view.text

    engine.send(requests.ShowMethod(1, "", "bad"))
    assert "ambda" in engine.until(events.MethodFailed)[-1].sentence

    engine.send(requests.Run(1, ["float32[2]", "4.0"], "cpu", 1, 0, 0))
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert (done.module_path, done.method) == ("", "scale")


def test_a_class_is_compiled_with_the_arguments_that_are_given(engine, program):
    opened(engine, program)
    engine.send(requests.CompileObject(1, "Net", "3, depth=4"))
    shown = {type(e): e for e in engine.until(events.CanvasChanged, events.MethodFailed)}
    assert (shown[events.MethodShown].module_path, shown[events.MethodShown].method) == ("Net:", "forward")
    paths = [row.path for row in shown[events.TreeChanged].tree]
    assert "Net:layers.3" in paths
    engine.send(requests.CompileObject(1, "Net", "'three'"))
    failed = engine.until(events.MethodFailed)[-1]
    assert "Net('three') raises TypeError" in failed.sentence


def test_what_was_made_with_arguments_is_there_again(engine, program):
    place = DocumentPlace("Net:layers.2", "forward", [], arguments={"Net": "3, depth=4", "Gone": "1"})
    engine.send(requests.OpenDocument(1, str(program), place, trusted=content_of(str(program))))
    shown = {type(e): e for e in engine.until(events.CanvasChanged, events.MethodFailed)}
    assert shown[events.MethodShown].module_path == "Net:layers.2"
    assert "Net:layers.3" in [row.path for row in shown[events.TreeChanged].tree]


def test_lines_of_the_file_are_linked_with_what_was_made_of_them(engine, program):
    opened(engine, program)
    engine.send(requests.ShowMethod(1, "Small:", "forward"))
    shown = {type(e): e for e in engine.until(events.CanvasChanged)}
    source = shown[events.SourceChanged].view
    assert source.text == PROGRAM
    linked = {number + 1: nodes for number, nodes in enumerate(source.line_nodes) if nodes}
    own = PROGRAM.splitlines().index("        return scale(x, 3.0) + 1") + 1
    called = PROGRAM.splitlines().index("    return x * factor") + 1
    assert linked.keys() == {own, called}
    assert called < own == shown[events.SourceChanged].line + 1
    graph = shown[events.GraphChanged].view
    lines = graph.text.splitlines()
    multiplied = next(
        nodes for text, nodes in zip(lines, graph.line_nodes, strict=False) if "aten::mul" in text
    )
    assert set(multiplied) <= set(linked[called])


def test_the_line_of_a_problem_is_shown_in_the_file(engine, program):
    opened(engine, program)
    record = engine.ask(requests.ShowRecord(1, f"{program}:22"), events.RecordShown)
    assert record.view.text == PROGRAM
    assert list(record.view.marks) == [21]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = = 1\n", "this is not Python"),
        ("raise ValueError('no')\n", "raises ValueError: no"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "ended the process that ran it"),
        ("import sys\nsys.exit()\n", "raises SystemExit"),
    ],
)
def test_a_file_that_cannot_be_run_says_so(engine, tmp_path, text, said):
    path = tmp_path / "broken.py"
    path.write_text(text)
    assert said in opened(engine, path)[events.DocumentFailed].sentence


def test_a_file_with_nothing_to_compile_says_so(engine, tmp_path):
    path = tmp_path / "empty.py"
    path.write_text("x = 1\n")
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    assert "defines no function, module or class" in engine.until(events.MethodFailed)[-1].sentence


def test_closing_ends_a_program_that_loops_for_ever(engine, tmp_path):
    path = tmp_path / "loops.py"
    path.write_text(
        "import os\nopen('started', 'w').write(str(os.getpid()))\nwhile True: pass\n".replace(
            "'started'", repr(str(tmp_path / "started"))
        )
    )
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    started = tmp_path / "started"
    while not (started.exists() and started.read_text()):
        os.sched_yield()
    process = int(started.read_text())
    engine.send(requests.CloseDocument(1))
    engine.send(requests.OpenDocument(2, str(tmp_path / "none.pt")))
    engine.until(events.DocumentFailed)
    with pytest.raises(ProcessLookupError):
        os.kill(process, signal.SIGCONT)


def test_a_file_with_nothing_to_compile_is_shown_all_the_same(engine, tmp_path):
    path = tmp_path / "empty.py"
    path.write_text("x = 1\n")
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    found = {type(event): event for event in engine.until(events.MethodFailed)}
    assert found[events.SourceChanged].view.text == "x = 1\n"
    assert "defines no function" in found[events.MethodFailed].sentence


TWO_MODULES = """
import torch
from torch import nn


class First(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 3))
        self.size = 3

    def forward(self, x):
        return self.inner(x)


class Second(First):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 5))


class Counter:
    def __init__(self, start: int):
        self.count = start

    def add(self, n: int) -> int:
        self.count += n
        return self.count


def plain(x):
    return x + torch.tensor([1, 2])


def refused(x):
    return (lambda y: y)(x)
"""


def test_every_line_of_the_tree_can_be_inspected_whatever_is_shown(engine, tmp_path):
    path = tmp_path / "two.py"
    path.write_text(TWO_MODULES)
    rows = opened(engine, path)[events.TreeChanged].tree
    for shown in ("First:", "Second:", ""):
        engine.send(requests.ShowMethod(1, shown, "forward" if shown else "plain"))
        engine.until(events.CanvasChanged)
        for row in rows:
            engine.send(requests.InspectTreeRow(1, row.id))
            told = engine.until(events.Inspected, events.Notice)[-1]
            assert isinstance(told, events.Inspected), told
            assert told.title == row.name
            facts = {fact.name: fact.text for fact in told.facts}
            if row.kind == "parameter":
                owner = row.path.partition(":")[0]
                rows_of_weight = {"First": 3, "Second": 5}[owner]
                shape = [rows_of_weight, 2] if row.name == "weight" else [rows_of_weight]
                assert (told.tensor, facts["shape"]) == (f"{row.path}.{row.name}", str(shape))
                engine.send(requests.LookAtTensor(1, told.tensor))
                assert str(shape).replace(" ", "") in engine.until(events.TensorLooked)[-1].look.type.replace(
                    " ", ""
                )
            elif row.name == "size":
                assert facts[""] == "3"
            elif row.kind == "module":
                assert "parameters" in facts


def test_a_class_is_shown_by_its_methods(engine, tmp_path):
    path = tmp_path / "two.py"
    path.write_text(TWO_MODULES)
    opened(engine, path)
    engine.send(requests.CompileObject(1, "Counter", ""))
    shown = {type(event): event for event in engine.until(events.CanvasChanged)}
    place = shown[events.MethodShown]
    assert (place.module_path, place.method) == ("Counter:", "__init__")
    rows = {row.name: row for row in shown[events.TreeChanged].tree if row.path == "Counter:"}
    assert [rows[name].kind for name in ("Counter", "__init__", "add", "count")] == [
        "module", "method", "method", "attribute",
    ]  # fmt: skip
    assert rows["count"].detail == "int"
    assert rows["Counter"].detail.startswith("class, line ")
    for row in rows.values():
        engine.send(requests.InspectTreeRow(1, row.id))
        assert isinstance(engine.until(events.Inspected, events.Notice)[-1], events.Inspected)
    engine.send(requests.ShowMethod(1, "Counter:", "add"))
    shown = {type(event): event for event in engine.until(events.CanvasChanged)}
    assert "prim::SetAttr" in shown[events.GraphChanged].view.text
    assert shown[events.SourceChanged].line == TWO_MODULES.splitlines().index("        self.count += n")


def test_inputs_of_nodes_lead_to_their_weights(engine, tmp_path):
    path = tmp_path / "two.py"
    path.write_text(TWO_MODULES)
    opened(engine, path)
    for shown, name in (("First:", "First:inner.0.weight"), ("Second:inner", "Second:inner.0.weight")):
        engine.send(requests.ShowMethod(1, shown, "forward"))
        shown = {type(event): event for event in engine.until(events.CanvasChanged)}
        graph = shown[events.GraphChanged].view
        line = next(n for n, text in enumerate(graph.text.splitlines()) if "aten::linear" in text)
        engine.send(requests.InspectNode(1, graph.line_nodes[line][0]))
        links = [fact.link for fact in engine.until(events.Inspected)[-1].facts]
        assert f"tensor:{name}" in links


def test_a_line_of_source_is_about_what_is_computed_last(engine, program):
    opened(engine, program)
    engine.send(requests.ShowMethod(1, "Small:", "forward"))
    shown = {type(event): event for event in engine.until(events.CanvasChanged)}
    nodes = shown[events.SourceChanged].view.line_nodes
    line = PROGRAM.splitlines().index("        return scale(x, 3.0) + 1")
    engine.send(requests.InspectNode(1, nodes[line][0]))
    assert engine.until(events.Inspected)[-1].title.startswith("aten::add")


TRACED = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.layer = nn.Linear(width, 3)

    def forward(self, x):
        y = self.layer(x)
        if y.sum() > 1000:
            return y * 2
        return (lambda a: a + 1)(y)


def scale(x, y, factor: float = 2.0):
    return x * y * factor


def forever(x):
    while x.sum() < 0:
        pass
    while True:
        x = x + 1


def dies(x):
    import os
    os._exit(3)


example = torch.jit.trace(Net(5), torch.ones(1, 5))
"""


@pytest.fixture
def traceable(tmp_path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(TRACED)
    return path


def traced(engine, name, arguments, inputs):
    """What is told until the trace is shown, by type, the last of each kind."""
    engine.send(requests.TraceObject(1, name, arguments, inputs))
    return {type(event): event for event in engine.until(events.CanvasChanged, events.MethodFailed)}


def test_inputs_of_a_trace_are_proposed_from_signature_and_layers(engine, traceable):
    opened(engine, traceable)
    engine.send(requests.ProposeTrace(1, "Net", "7"))
    told = engine.until(events.TraceProposed)[-1]
    assert (told.name, told.arguments) == ("Net", "7")
    assert [(row.name, row.spec, row.required) for row in told.inputs] == [("x", "float32[2,7]", True)]
    engine.send(requests.ProposeTrace(1, "scale", ""))
    rows = engine.until(events.TraceProposed)[-1].inputs
    assert [(row.name, bool(row.spec), row.required) for row in rows] == [
        ("x", True, True), ("y", True, True), ("factor", False, False),
    ]  # fmt: skip
    engine.send(requests.ProposeTrace(1, "Net", "width=1/0"))
    assert "ZeroDivisionError" in engine.until(events.MethodFailed)[-1].sentence
    engine.send(requests.ProposeTrace(1, "nothing", ""))
    assert "nothing" in engine.until(events.MethodFailed)[-1].sentence


def test_what_is_traced_is_an_object_beside_what_is_scripted(engine, traceable):
    opened(engine, traceable)
    told = traced(engine, "Net", "4", ["float32[2,4]"])
    rows = {row.name: row for row in told[events.TreeChanged].tree if row.parent == 0}
    assert list(rows) == ["Net", "trace(Net)", "scale", "forever", "dies", "example"]
    assert (rows["trace(Net)"].kind, rows["trace(Net)"].path) == ("module", "trace(Net):")
    assert told[events.MethodShown].module_path == "trace(Net):"
    assert "prim::If" not in told[events.GraphChanged].view.text
    assert "torch.add" in told[events.CodeChanged].view.text
    assert "Net(nn.Module)" in told[events.SourceChanged].view.text
    line = TRACED.splitlines().index("        if y.sum() > 1000:") + 1
    warned = [row for row in told[events.ProblemsFound].problems if row.is_warning]
    assert [(row.subject, row.line) for row in warned] == [("example", line), ("trace(Net)", line)]
    assert "Python boolean" in warned[1].message
    engine.send(requests.SetPasses(1, ["inline", "dce"]))
    engine.until(events.CanvasChanged)
    engine.send(requests.Run(1, ["float32[2,4]"], "cpu", 1, 0, 0))
    assert engine.until(events.RunDone, events.RunStopped)[-1].outputs[0].type.startswith("Float(2, 3")
    # Another trace of the same takes the place of this one, and proposes what was given last.
    again = traced(engine, "trace(Net)", "4", ["float32[6,4]"])
    assert [row.name for row in again[events.TreeChanged].tree if row.parent == 0] == list(rows)
    assert "6, 3" in again[events.GraphChanged].view.text
    engine.send(requests.ProposeTrace(1, "trace(Net)", "4"))
    assert engine.until(events.TraceProposed)[-1].inputs[0].spec == "float32[6,4]"


def test_a_trace_that_is_refused_says_where(engine, traceable):
    opened(engine, traceable)
    told = traced(engine, "Net", "4", ["float32[2,9]"])
    assert "tracing raises RuntimeError: mat1 and mat2 shapes" in told[events.MethodFailed].sentence
    (problem,) = [row for row in told[events.ProblemsFound].problems if row.subject == "trace(Net)"]
    assert problem.line == TRACED.splitlines().index("        y = self.layer(x)") + 1
    row = next(row for row in told[events.TreeChanged].tree if row.name == "trace(Net)")
    assert row.detail.startswith("cannot be traced: ")
    said = traced(engine, "scale", "", ["float32[", "1"])[events.MethodFailed].sentence
    assert "the input 'float32[' cannot be read" in said
    said = traced(engine, "nothing", "", [])[events.MethodFailed].sentence
    assert said.endswith("there is no 'nothing' that could be traced")


def test_a_trace_that_dies_or_is_stopped_leaves_the_rest_as_it_was(engine, traceable):
    opened(engine, traceable)
    said = traced(engine, "dies", "", ["float32[2]"])[events.MethodFailed].sentence
    assert said.startswith("tracing dies ended its process: The runner ended unexpectedly with exit status 3")
    engine.send(requests.TraceObject(1, "forever", "", ["float32[2]:1..2"]))
    tree = engine.until(events.TreeChanged)[-1].tree
    assert next(row for row in tree if row.name == "trace(forever)").detail == "tracing"
    engine.send(requests.StopObject(1))
    assert engine.until(events.MethodFailed)[-1].sentence == "tracing forever was stopped"
    engine.send(requests.ShowMethod(1, "", "scale"))
    assert (
        "torch.mul" in {type(e): e for e in engine.until(events.CanvasChanged)}[events.CodeChanged].view.text
    )
    assert events.MethodShown in traced(engine, "scale", "", ["float32[2]", "float32[2]"])
    # With nothing under way there is nothing to stop.
    engine.send(requests.StopObject(1))
    engine.send(requests.ShowMethod(1, "", "scale"))
    engine.until(events.CanvasChanged)


def test_what_the_file_traced_is_shown_traced_by_us(engine, traceable):
    found = opened(engine, traceable)
    row = next(row for row in found["tree"] if row.name == "example")
    assert row.detail == "Net, traced"
    engine.send(requests.ShowMethod(1, "example:", "forward"))
    shown = {type(event): event for event in engine.until(events.CanvasChanged)}
    line = TRACED.splitlines().index("        y = self.layer(x)") + 1
    assert "graph(%self.1 : __torch__.net.Net,\n      %x : Float(1, 5" in shown[events.GraphChanged].view.text
    assert any(row.line == line + 1 and row.is_warning for row in found[events.ProblemsFound].problems)


def test_traces_come_back_with_their_place(engine, traceable):
    place = DocumentPlace(
        "trace(Net):", "forward", [], arguments={"Net": "4"}, traces={"trace(Net)": ["float32[2,4]"]}
    )
    engine.send(requests.OpenDocument(1, str(traceable), place, content_of(str(traceable))))
    shown = {type(event): event for event in engine.until(events.CanvasChanged)}
    assert shown[events.MethodShown].module_path == "trace(Net):"


def test_a_file_of_which_nothing_compiles_is_shown_as_it_is(engine, tmp_path):
    path = tmp_path / "none.py"
    path.write_text("def bad(x):\n    return (lambda y: y + 1)(x)\n")
    engine.send(requests.OpenDocument(1, str(path), trusted=content_of(str(path))))
    told = {type(event): event for event in engine.until(events.MethodFailed)}
    assert told[events.SourceChanged].view.text == path.read_text()
