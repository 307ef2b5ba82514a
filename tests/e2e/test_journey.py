"""One way through the real window with the real engine and runner, under a virtual X server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from jitviewer.ui.theme import load_theme

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "xdotool")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not all(shutil.which(tool) for tool in NEEDED), reason=f"needs {' and '.join(NEEDED)}"
    ),
]


@pytest.fixture
def display() -> Iterator[str]:
    """A display of our own; its number is chosen by the server."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def travel(display, folder, theme, journey):
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.journey", theme, str(folder), journey],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_person_keeps_the_window_open_all_day(display, tmp_path):
    said = travel(display, tmp_path, "dark", "day")
    assert said.splitlines()[-1] == "and drawn"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_person_reads_rewrites_and_runs_a_sample(display, tmp_path, theme):
    said = travel(display, tmp_path, theme, "first")
    # The window's process loads neither torch nor the core.
    assert "foreign modules: []" in said
    for name in ("start", "rewrite", "run", "restarted", "message"):
        picture = QImage(str(tmp_path / f"{name}.png"))
        assert (picture.width(), picture.height()) == (1280, 800)
        window, panel = (QColor(load_theme(theme).colors[color]).rgb() for color in ("window", "panel"))
        points = [(x, y) for x in range(0, 1280, 4) for y in range(0, 800, 4)]
        colors = [picture.pixelColor(x, y).rgb() for x, y in points]
        assert window in colors
        assert panel in colors
        # Something other than backgrounds is drawn.
        assert sum(color not in (window, panel) for color in colors) > len(colors) // 50
