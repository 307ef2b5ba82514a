"""Pipes that end: of whoever reads what is printed, and of the process that runs programs."""

import os
import signal
import subprocess
import sys

import pytest
import torch

from tests.cli.processes import jitviewer

RUN = [sys.executable, "-m", "jitviewer"]
STARTS_IN_FRONT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, "-m", "jitviewer", *sys.argv[1:]])
"""
IN_FRONT = [sys.executable, "-c", STARTS_IN_FRONT]
"""The same as a terminal starts it: what starts tests in the background may have had interrupts ignored."""


def with_closed_output(*words: str) -> subprocess.CompletedProcess[str]:
    """The finished process of `jitviewer WORDS`, whose output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [*RUN, *words], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    finally:
        os.close(writing)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["passes"], ["tree", "{}"], ["run", "{}"]])
def test_a_reader_that_has_enough_is_no_failure(samples, words):
    done = with_closed_output(*(str(samples / "gate.pt") if word == "{}" else word for word in words))
    assert done.returncode == 0
    assert "jitviewer:" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_result_is_written_whoever_reads_what_is_printed(samples, tmp_path):
    out = tmp_path / "x.pt"
    done = with_closed_output("run", str(samples / "gate.pt"), "--outputs", str(out))
    assert (done.returncode, "cannot be written" in done.stderr) == (0, False)
    assert isinstance(torch.load(out), torch.Tensor)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full device")  # noqa: PTH110
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["tree", "--help"]])
def test_what_takes_no_more_is_a_failure(words):
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        done = subprocess.run(
            [*RUN, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    assert (done.returncode, done.stderr) == (
        1, "jitviewer: standard output cannot be written: No space left on device\n",
    )  # fmt: skip


@pytest.mark.parametrize("launcher", ["/bin/false", "/bin/true"])
def test_a_launcher_that_ends_is_no_success(samples, tmp_path, monkeypatch, launcher):
    monkeypatch.setenv("JITVIEWER_RUNNER_PREFIX", launcher)
    out = tmp_path / "x.pt"
    done = jitviewer("run", str(samples / "gate.pt"), "--outputs", str(out))
    status = int(launcher == "/bin/false")
    assert done.returncode == 3
    last = done.stderr.splitlines()[-1]
    assert last == f"jitviewer: The runner ended unexpectedly with exit status {status}."
    assert not out.exists()
    script = tmp_path / "m.py"
    script.write_text("def f(x: int) -> int:\n    return x\n")
    for words in (["script", f"{script}:f", "-o", str(out)], ["tree", f"{script}:f"]):
        done = jitviewer(*words)
        assert done.returncode == 1
        assert f"The runner ended unexpectedly with exit status {status}." in done.stderr
        assert not out.exists()


def test_an_interrupt_of_the_command_alone_ends_it(tmp_path):
    script = tmp_path / "m.py"
    script.write_text("import sys\nprint('here', file=sys.stderr, flush=True)\nwhile True:\n    pass\n")
    with subprocess.Popen(
        [*IN_FRONT, "tree", f"{script}:f"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        while "here" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert (process.wait(60), said) == (3, "jitviewer: cancelled\n")


READS_WHAT_IS_GONE = """
import mmap, os, sys
from jitviewer.commands import command_line
from jitviewer.commands import tree

def execute(options):
    with open(options.file, "rb") as stream:
        seen = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        print("mapped", flush=True)
        while os.fstat(stream.fileno()).st_size:
            pass
        return seen[0]

tree.execute = execute
sys.exit(command_line.main())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="files are mapped by a process of its own")
def test_a_file_that_becomes_shorter_is_said(tmp_path):
    file = tmp_path / "m.pt"
    file.write_bytes(b"x" * 100_000)
    with subprocess.Popen(
        [sys.executable, "-c", READS_WHAT_IS_GONE, "tree", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "mapped\n"
        file.write_bytes(b"")
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        1, f"jitviewer: {file} changed while it was read; open it again\n",
    )  # fmt: skip


def test_debug_may_stand_before_the_command(tmp_path):
    missing = str(tmp_path / "missing.pt")
    assert "Traceback" in jitviewer("--debug", "tree", missing).stderr
    assert "Traceback" in jitviewer("tree", missing, "--debug").stderr
    assert "Traceback" not in jitviewer("tree", missing).stderr
