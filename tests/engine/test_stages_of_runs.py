"""Runs through the stages of an executor, and their graphs as documents of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from jitviewer.protocol import events, requests
from jitviewer.protocol.stage_rows import StagedInputs
from tests.engine.engine_process import EngineProcess


class Varied(torch.nn.Module):
    """Prints, and fails for what is too small."""

    def forward(self, x: torch.Tensor, n: int = 2) -> torch.Tensor:
        print("ran with", x.size(0))
        for _ in range(n):
            x = torch.relu(x + 1) * 2
        assert x.size(0) > 1
        return x


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "varied.pt"
    torch.jit.save(torch.jit.script(Varied()), str(made))
    return made


def staged(engine: EngineProcess, *runs: StagedInputs) -> events.Event:
    engine.send(requests.RunStages(1, list(runs), "cpu", 0))
    return engine.until(events.StagesDone, events.RunStopped)[-1]


def test_all_graphs_are_told_with_how_often_they_ran(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    done = staged(engine, StagedInputs(["float32[2,3]", "2"], 2), StagedInputs(["float32[5,3]", "1"], 3))
    assert isinstance(done, events.StagesDone), done
    assert (done.module_path, done.method) == ("", "forward")
    assert [(row.kind, row.runs, row.parent) for row in done.stages] == [
        ("written", 0, -1), ("profiled", 1, -1), ("optimized", 4, -1),
    ]  # fmt: skip
    assert [row.guards for row in done.stages] == [[]] * 3
    assert "prim::profile[profiled_type=Float(2, 3" in done.stages[1].graph
    assert "prim::profile" not in done.stages[2].graph
    assert done.printed.split() == ["ran", "with", "2"] * 2 + ["ran", "with", "5"] * 3
    again = staged(engine, StagedInputs(["float32[4,3]", "2"]))
    assert isinstance(again, events.StagesDone)
    assert [(row.kind, row.runs) for row in again.stages] == [("written", 0), ("profiled", 1)]


def test_fused_graphs_have_guards_and_what_they_fell_back_to(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    runs = [StagedInputs(["float32[2,3]", "3"], 3), StagedInputs(["float32[4,3]", "3"], 2)]
    engine.send(requests.RunStages(1, runs, "cpu", 0, fusion="static"))
    done = engine.until(events.StagesDone, events.RunStopped)[-1]
    assert isinstance(done, events.StagesDone), done
    optimized = done.stages[2]
    assert "prim::TensorExprGroup" in optimized.graph
    guards = [guard for guard in optimized.guards if guard.kind == "prim::TypeCheck"]
    assert guards
    assert sum(guard.failed for guard in guards) > 0
    assert any("4" in reason for guard in guards for reason in guard.reasons)
    assert any(row.parent == 2 for row in done.stages)


def test_a_run_that_fails_says_why_and_names_no_node(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    stopped = staged(engine, StagedInputs(["float32[1,3]", "2"], 2))
    assert isinstance(stopped, events.RunStopped)
    assert stopped.reason == "failed"
    assert "AssertionError" in stopped.sentence
    assert stopped.node_id == -1
    engine.send(requests.LookAtValue(1, "%x"))
    looked = engine.until(events.ValueLooked)[-1]
    assert looked.look is None


def test_runs_that_are_none_are_refused(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    stopped = staged(engine, StagedInputs(["float32[2,3]", "2"], 0))
    assert isinstance(stopped, events.RunStopped)
    assert "at least once" in stopped.sentence


def test_a_stage_is_a_document_that_can_be_rewritten_and_not_run(engine: EngineProcess, file: Path) -> None:
    engine.open(file)
    done = staged(engine, StagedInputs(["float32[2,3]", "2"], 2))
    assert isinstance(done, events.StagesDone)
    text = done.stages[2].graph
    opened = engine.views(requests.OpenGraph(2, "varied.pt forward, as optimized", text))
    assert opened[events.GraphChanged].view.text == text
    assert {item.label for item in opened[events.CanvasChanged].view.items} >= {"Loop", "return"}
    unrolled = engine.views(requests.SetPasses(2, ["inline", "loop-unrolling"]))
    assert unrolled[events.GraphChanged].view.text != text
    shown = engine.ask(requests.ShowRecord(2, "graph"), events.RecordShown)
    assert shown.view.text == text
    engine.send(requests.Run(2, ["float32[2,3]"], "cpu", 1, 0, 0))
    assert "run the document that it came from" in engine.until(events.RunStopped)[-1].sentence
    engine.send(requests.CompareDocuments(2, 1, []))
    assert "run the document that it came from" in engine.until(events.ComparisonStopped)[-1].sentence


def test_a_graph_that_is_none_says_where(engine: EngineProcess) -> None:
    engine.send(requests.OpenGraph(3, "a graph", "graph(%x : Tensor):\n  nonsense\n"))
    failed = engine.until(events.DocumentFailed)[-1]
    assert failed.path == "a graph"
    assert failed.sentence.startswith("a graph:3:0: expected")
