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
