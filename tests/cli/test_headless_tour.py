"""What `make run` does where there is no display."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def tour(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "jitviewer.commands.headless_tour", *words],
        capture_output=True, text=True, check=False, timeout=180, cwd=folder, env=environment,
    )  # fmt: skip


def test_the_tour_shows_rewrites_runs_and_takes_a_picture(samples: Path, tmp_path: Path) -> None:
    done = tour(tmp_path, str(samples / "resnet_small.pt"))
    assert done.returncode == 0, done.stderr
    for words in (
        "== .code", "def forward(self", "== .graph after inline", "== Rewrite by inline", "[inline-call]",
        "== Run with float32[1,3,32,32]", "self us", "aten::_convolution", "ssh -X",
    ):  # fmt: skip
        assert words in done.stdout, words
    picture = (tmp_path / "out" / "window.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000


@pytest.mark.parametrize("name", ["program.py", "program.py:f", "absent.py"])
def test_a_tour_of_a_python_file_executes_nothing_and_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "program.py").write_text("open('executed', 'w')\n")
    done = tour(tmp_path, name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert "jitviewer script" in done.stderr
    assert not (tmp_path / "executed").exists()


def test_a_tour_of_nothing_says_so(tmp_path: Path) -> None:
    done = tour(tmp_path, "nothing.pt")
    assert done.returncode == 1
    assert "nothing.pt" in done.stderr
    assert "Traceback" not in done.stderr
    assert tour(tmp_path).returncode == 2
