"""A run that fails says what ran before, and leaves nothing of itself in memory."""

from __future__ import annotations

import itertools
import weakref
from pathlib import Path

import pytest
import torch

from jitviewer.protocol.runner_messages import Ping, RunFailed, RunRequest
from jitviewer.runner import kept_values
from jitviewer.runner.handed_files import HandedFiles
from jitviewer.runner.running import KeptRun, answer_run

numbers = itertools.count(1)
KEEP = 1 << 30


class Pipe:
    """Takes what a run sends."""

    def __init__(self):
        self.sent = []

    def send(self, reply):
        self.sent.append(reply)


class Grows(torch.nn.Module):
    def forward(self, x: torch.Tensor):
        kept = [torch.neg(x)]
        for _ in range(1000):
            kept.append(torch.cat([kept[-1], kept[-1]]))
        return kept


class Mismatch(torch.nn.Module):
    def forward(self, x: torch.Tensor):
        for i in range(3):
            x = torch.exp(x)
            if i == 1:
                x = torch.mm(torch.neg(x), torch.relu(x))
        return torch.sigmoid(x)


def run(folder, program, spec, kept=None, **options):
    path = str(folder / f"{type(program).__name__}.pt")
    torch.jit.save(torch.jit.script(program), path)
    request = RunRequest(next(numbers), path, "", "forward", ["inline"], [spec], keep_bytes=KEEP, **options)
    pipe = Pipe()
    answer_run(request, pipe, kept or KeptRun(), HandedFiles())
    return pipe.sent[-1]


@pytest.mark.parametrize("warmup", [0, 2])
def test_the_nodes_that_ran_have_times(tmp_path, warmup):
    failed = run(tmp_path, Mismatch(), "float32[2,3]", warmup=warmup, repeats=3)
    assert isinstance(failed, RunFailed)
    calls = {row.kind: row.calls for row in failed.times}
    assert calls["aten::exp"] == 2
    assert calls["aten::neg"] == calls["aten::relu"] == 1
    # What failed did not end, nor did what holds it; what comes after did not begin.
    assert failed.node_id >= 0
    assert failed.node_id not in {row.node_id for row in failed.times}
    assert calls.keys().isdisjoint({"aten::mm", "prim::Loop", "aten::sigmoid"})
    assert all(row.self_us >= 0 for row in failed.times)


def test_without_a_profile_there_are_no_times(tmp_path):
    failed = run(tmp_path, Mismatch(), "float32[2,3]", profile=False)
    assert isinstance(failed, RunFailed)
    assert failed.times == []


def test_nothing_that_flowed_is_held_after_a_failure(tmp_path, monkeypatch):
    """Neither by the error, nor by what was kept to be looked at, nor by the profile."""
    flowed = []
    take = kept_values.KeptValues.take

    def noted(self, node_id, values):
        flowed.extend(weakref.ref(value) for value in values if isinstance(value, torch.Tensor))
        take(self, node_id, values)

    monkeypatch.setattr(kept_values.KeptValues, "take", noted)
    kept = KeptRun()
    failed = run(tmp_path, Grows(), "float32[1000]", kept, memory=300 << 20)
    assert isinstance(failed, RunFailed)
    assert "the run needs more memory than the 300 MiB" in failed.sentence
    assert len(flowed) > 5
    assert kept.values is None
    assert [each() for each in flowed if each() is not None] == []


def test_a_runner_gives_memory_back(runner, tmp_path):
    """Also the pages of many small values, which the C library would keep."""

    def resident():
        text = Path(f"/proc/{runner.process.pid}/statm").read_text(encoding="ascii")
        return int(text.split()[1]) * 4096

    class Many(torch.nn.Module):
        def forward(self, x: torch.Tensor):
            kept = [x]
            while True:
                kept.append(torch.neg(x))
            return kept

    path = str(tmp_path / "many.pt")
    torch.jit.save(torch.jit.script(Many()), path)

    def ask(spec, limit):
        request = RunRequest(
            next(numbers), path, "", "forward", [], [spec], profile=False, memory=limit, keep_bytes=KEEP
        )
        assert isinstance(runner.ask(request)[-1], RunFailed)

    ask("float32[10000]", 50 << 20)
    before = resident()
    ask("float32[10000]", 1 << 30)
    # The reply comes first; answering something else says that the memory was handed back.
    runner.ask(Ping(next(numbers)))
    assert resident() - before < 400 << 20
