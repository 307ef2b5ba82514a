"""Processes that nobody waits for any more end, whatever they are in the middle of."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.engine_process import EngineProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

_SECONDS = 60.0

_WINDOW = """
import subprocess, sys
from pathlib import Path
requests = int(sys.argv[1])
engine = subprocess.Popen(
    [sys.executable, "-m", "jitviewer.engine"], stdin=requests, stdout=subprocess.PIPE
)
engine.stdout.read(1)
children = [task / "children" for task in Path(f"/proc/{engine.pid}/task").iterdir()]
print(engine.pid, *(word for file in children for word in file.read_text().split()), flush=True)
sys.stdin.read()
"""
"""Stands in for a window: starts an engine, says which processes there are, and waits."""


def _is_gone(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def _until(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_engine_that_does_not_see_its_requests_end_is_ended() -> None:
    engine = EngineProcess()
    parser = engine.parser
    # As one in the middle of a pass, it does nothing about it by itself.
    os.kill(parser, signal.SIGSTOP)
    engine.end()
    assert _is_gone(parser)


def test_an_engine_ends_with_the_window_though_its_requests_do_not() -> None:
    reading, writing = os.pipe()
    window = subprocess.Popen(
        [sys.executable, "-c", _WINDOW, str(reading)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[reading],
    )  # fmt: skip
    os.close(reading)
    processes = [int(word) for word in window.stdout.readline().split()]
    assert len(processes) == 2
    os.kill(processes[1], signal.SIGSTOP)
    window.kill()
    window.wait()
    _until(lambda: all(_is_gone(process) for process in processes))
    os.close(writing)
    window.stdin.close()
    window.stdout.close()
