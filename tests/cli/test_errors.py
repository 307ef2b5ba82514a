"""Bad input gives exit 1 and one sentence, wrong usage exit 2, a dead run exit 3; never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.bad_files import KINDS, bad_file
from tests.cli.processes import jitviewer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", ["tree", "graph", "run"])
def test_a_bad_file_is_one_sentence(tmp_path: Path, samples: Path, kind: str, command: str) -> None:
    done = jitviewer(command, str(bad_file(kind, samples / "resnet_small.pt", tmp_path)))
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert kind in done.stderr
    assert "Traceback" not in done.stderr
    assert "pwned" not in done.stderr


def test_what_a_pickle_would_call_is_named(tmp_path: Path, samples: Path) -> None:
    evil = bad_file("evil", samples / "resnet_small.pt", tmp_path)
    assert "system" in jitviewer("tree", str(evil)).stderr


@pytest.mark.parametrize("name", ["folder", "nothing.pt"])
def test_what_is_no_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    done = jitviewer("graph", str(tmp_path / name))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "locked.pt"
    file.write_bytes(b"x")
    file.chmod(0)
    done = jitviewer("graph", str(file))
    assert done.returncode == 1
    assert "ermission" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--module", "layer9"], "layer9"),
        (["--method", "nope"], "nope"),
        (["--passes", "nonsense"], "nonsense"),
    ],
)
def test_what_is_not_there_is_named(samples: Path, words: list[str], told: str) -> None:
    done = jitviewer("graph", str(samples / "resnet_small.pt"), *words)
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["graph"], ["nonsense-flag", "--nope"], ["steps", "x.pt"], ["run", "x", "--repeat", "0"]]
)
def test_wrong_usage_exits_with_two(words: list[str]) -> None:
    done = jitviewer(*words)
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("spec", "told"),
    [("float32[1,3", "float32[1,3"), ("float32[1,7,32,32]", "channels"), ("nothing.npy", "nothing.npy")],
)
def test_bad_inputs_are_one_sentence(samples: Path, spec: str, told: str) -> None:
    done = jitviewer("run", str(samples / "resnet_small.pt"), "--input", spec)
    assert done.returncode == 1
    assert told in done.stderr
    assert 'Traceback (most recent call last):\n  File "' + os.sep not in done.stderr


def test_a_killed_run_exits_with_three(tmp_path: Path) -> None:
    import torch

    class Endless(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            while bool(x.abs().sum() > -1):
                x = x + 1
            return x

    file = tmp_path / "endless.pt"
    torch.jit.script(Endless()).save(str(file))
    started = subprocess.Popen(
        [sys.executable, "-m", "jitviewer", "run", str(file), "--input", "float32[2]"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        runner = _child_of(started.pid)
        os.kill(runner, signal.SIGKILL)
        _, errors = started.communicate(timeout=60)
    finally:
        started.kill()
    assert started.returncode == 3
    assert "SIGKILL" in errors


def _child_of(parent: int) -> int:
    """The runner of a process, once it has loaded torch."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
                maps = (entry.parent / "maps").read_text() if int(fields[1]) == parent else ""
            except (FileNotFoundError, ProcessLookupError):
                continue
            if "libtorch" in maps:
                return int(entry.parent.name)
        time.sleep(0.1)
    raise AssertionError("no runner was started")
