"""Runs of a real runner below a real engine: finished, cancelled, killed; nothing is lost by any of it."""

import os
import signal
import time
from pathlib import Path

import pytest

from jitviewer.protocol import events, requests
from tests.engine.engine_process import EngineProcess

ENDLESS, SOUND = 1, 2


@pytest.fixture(scope="module")
def endless(tmp_path_factory) -> Path:
    """An archive whose forward never returns."""
    import torch

    class Endless(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            while bool(x.abs().sum() > -1):
                x = x + 1
            return x

    file = tmp_path_factory.mktemp("endless") / "endless.pt"
    torch.jit.script(Endless()).save(str(file))
    return file


def run(engine: EngineProcess, document: int, *inputs: str) -> None:
    engine.send(requests.Run(document, list(inputs), "cpu", 3, 1, 0))


def start_endless(engine: EngineProcess, file: Path) -> int:
    """Start the endless run; the runner's process id, once the program is running."""
    engine.open(file, ENDLESS)
    run(engine, ENDLESS, "float32[2]")
    while True:
        moved = engine.until(events.RunMoved, events.RunStopped)[-1]
        assert isinstance(moved, events.RunMoved), moved
        if moved.stage in ("warm-up", "running"):
            (runner,) = engine.children()
            return runner


def assert_serves(engine: EngineProcess, samples: Path) -> None:
    """The engine still knows its document, and runs another."""
    views = engine.views(requests.SetPasses(ENDLESS, ["inline", "cse"]))
    assert "prim::Loop" in views[events.GraphChanged].view.text
    engine.open(samples / "gate.pt", SOUND)
    run(engine, SOUND, "float32[2,8]")
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert done.document == SOUND


def gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def wait_until_gone(process: int) -> None:
    deadline = time.monotonic() + 30
    while not gone(process):
        assert time.monotonic() < deadline, f"process {process} lives on"
        time.sleep(0.05)


def test_a_run_gives_results_and_times_of_shown_nodes(engine: EngineProcess, samples: Path) -> None:
    views = engine.open(samples / "resnet_small.pt", SOUND)
    (row,) = views[events.MethodShown].inputs
    run(engine, SOUND, row.spec)
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert [output.type for output in done.outputs] == ["Float(1, 10)"]
    assert len(done.wall_us) == 3
    shown = {n for line in views[events.GraphChanged].view.line_nodes for n in line}
    timed = {time.node_id: time for time in done.times}
    assert set(timed) <= shown
    text = views[events.GraphChanged].view
    lines = text.text.splitlines()
    for line, ids in enumerate(text.line_nodes):
        for node in ids:
            if node in timed:
                assert timed[node].kind in lines[line]
    convolutions = [time for time in done.times if time.kind == "aten::_convolution"]
    assert len(convolutions) == text.text.count("aten::_convolution")
    assert all(time.self_us > 0 and time.types for time in convolutions)


def test_times_keep_their_nodes_when_a_pass_was_left_out(engine: EngineProcess, samples: Path) -> None:
    engine.open(samples / "lstm.pt", SOUND)
    passes = ["inline", "lower-all-tuples", "cse", "constant-propagation", "dce"]
    views = engine.views(requests.SetPasses(SOUND, passes))
    assert views[events.Notice].level == "warning"
    run(engine, SOUND, "int64[2,12]:0..200")
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    graph = views[events.GraphChanged].view
    lines = graph.text.splitlines()
    # A control node stands on its own line first, and then on those that begin and end its blocks.
    first_line: dict[int, str] = {}
    for line, ids in zip(lines, graph.line_nodes, strict=True):
        for node in ids:
            first_line.setdefault(node, line)
    assert [t for t in done.times if t.kind not in first_line[t.node_id]] == []
    assert {"aten::lstm", "aten::embedding"} <= {time.kind for time in done.times}


def test_an_endless_run_is_cancelled(engine: EngineProcess, endless: Path, samples: Path) -> None:
    runner = start_endless(engine, endless)
    engine.send(requests.CancelRun(ENDLESS))
    stopped = engine.until(events.RunStopped, events.RunDone)[-1]
    assert (stopped.document, stopped.reason) == (ENDLESS, "cancelled")
    assert gone(runner)
    assert_serves(engine, samples)


@pytest.mark.parametrize("signal_name", ["SIGKILL", "SIGSEGV"])
def test_a_runner_that_dies_is_told_and_replaced(
    engine: EngineProcess, endless: Path, samples: Path, signal_name: str
) -> None:
    runner = start_endless(engine, endless)
    os.kill(runner, getattr(signal, signal_name))
    stopped = engine.until(events.RunStopped, events.RunDone)[-1]
    assert (stopped.document, stopped.reason) == (ENDLESS, "died")
    assert signal_name in stopped.sentence
    assert_serves(engine, samples)


def test_views_answer_while_a_run_goes_on(engine: EngineProcess, endless: Path, samples: Path) -> None:
    start_endless(engine, endless)
    views = engine.open(samples / "loop.pt", SOUND)
    assert views[events.CanvasChanged].view.items
    assert engine.views(requests.SetPasses(SOUND, ["inline", "dce"]))[events.GraphChanged].view.text
    engine.send(requests.CloseDocument(ENDLESS))
    run(engine, SOUND, "float32[4]", "2")
    done = engine.until(events.RunDone, events.RunStopped)[-1]
    assert isinstance(done, events.RunDone), done
    assert done.document == SOUND


def test_a_failing_run_says_where(engine: EngineProcess, samples: Path) -> None:
    views = engine.open(samples / "gate.pt", SOUND)
    run(engine, SOUND, "float32[2,9]")
    stopped = engine.until(events.RunDone, events.RunStopped)[-1]
    assert stopped.reason == "failed"
    assert "aten::linear" in stopped.sentence
    assert "gate.py" in stopped.traceback
    graph = views[events.GraphChanged].view
    (line,) = [i for i, ids in enumerate(graph.line_nodes) if stopped.node_id in ids]
    assert "aten::linear" in graph.text.splitlines()[line]


def test_no_runner_is_left_when_the_engine_is_killed(endless: Path) -> None:
    engine = EngineProcess()
    runner = start_endless(engine, endless)
    engine.process.kill()
    engine.process.wait(timeout=10)
    wait_until_gone(runner)
    assert engine.end() == -signal.SIGKILL


def test_no_runner_is_left_when_the_window_closes(endless: Path) -> None:
    engine = EngineProcess()
    runner = start_endless(engine, endless)
    assert engine.end() == 0
    wait_until_gone(runner)


def test_devices_are_listed(engine: EngineProcess, samples: Path) -> None:
    engine.open(samples / "gate.pt", SOUND)
    listed = engine.ask(requests.AskDevices(SOUND), events.DevicesListed)
    assert "cpu" in {device.name for device in listed.devices}


def test_an_engine_is_asked_whether_it_lives(engine: EngineProcess, samples: Path) -> None:
    engine.send(requests.OpenDocument(SOUND, str(samples / "gate.pt")))
    engine.send(requests.AskAlive(0))
    # Before or after the views: nothing is waited for.
    assert engine.until(events.Alive)[-1] == events.Alive(0)
