"""What cannot be done is said in one sentence that names it and its reason."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import usable_device
from tests.cli.processes import jitviewer

HOLDER = """
class Holder:
    def __init__(self) -> None:
        self.x = 1

def f(held: Holder) -> int:
    return held.x

def g(held: tuple[int, Holder]) -> int:
    return held[0]
"""


def said(*words: str, cwd: Path | None = None, environment: Mapping[str, str] = {}) -> tuple[int, str]:
    """The exit status of a command and all that it writes on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "jitviewer", *words], capture_output=True, text=True, check=False, timeout=120,
        cwd=cwd, env={**os.environ, **environment},
    )  # fmt: skip
    return done.returncode, done.stderr


def test_a_python_file_is_compiled_before_it_is_compared(samples, tmp_path):
    script = tmp_path / "m.py"
    script.write_text(HOLDER)
    reason = (
        f"jitviewer: {script} is a Python file, and diff compares archives: compile it first with "
        f"'jitviewer script {script} -o OUT.pt', and compare OUT.pt\n"
    )
    gate = str(samples / "gate.pt")
    assert said("diff", str(script), gate) == said("diff", gate, str(script)) == (1, reason)


def test_a_device_that_is_not_there_is_named_as_it_was_given(samples):
    status, text = said("run", str(samples / "gate.pt"), "--device", "cuda:300")
    assert status == 1
    assert text.splitlines()[-1].startswith("jitviewer: cuda:300 cannot be used: ")


@pytest.mark.parametrize("device", ["cpu:300", "hpu", "xla", "hip", "fpga", "privateuseone"])
def test_a_device_of_a_kind_that_is_not_there_is_said_in_one_sentence(device):
    with pytest.raises(ExecutionError) as raised:
        usable_device(device)
    assert raised.value.reason.startswith(f"{device} cannot be used: ")
    assert "\n" not in raised.value.reason
    assert "Error" not in raised.value.reason


@pytest.mark.parametrize("name", ["f", "g"])
def test_an_input_that_cannot_be_proposed_is_named(tmp_path, name):
    script = tmp_path / "m.py"
    script.write_text(HOLDER)
    status, text = said("run", f"{script}:{name}")
    assert status == 1
    assert text.startswith(f"jitviewer: {script}:{name}: the input held is a ")
    assert text.count("\n") == 1
    assert "for which no value can be proposed; give a value for each input with --input" in text


def test_a_library_that_is_not_there_is_said(samples, tmp_path):
    library = tmp_path / "nosuch.so"
    status, text = said("run", str(samples / "gate.pt"), "--library", str(library))
    assert (status, text.splitlines()[-1]) == (
        1, f"jitviewer: {library} cannot be loaded: there is no such file",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("out", "reason"),
    [("/dev/full", "it is a device, not a file"), ("/no/such/x.png", "No such file or directory")],
)
def test_a_picture_that_cannot_be_written_has_a_reason(samples, out, reason):
    status, text = said(
        "screenshot", str(samples / "gate.pt"), out, environment={"QT_QPA_PLATFORM": "offscreen"}
    )
    assert (status, text.splitlines()[-1]) == (1, f"jitviewer: {out} cannot be written: {reason}")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display of their own")
@pytest.mark.parametrize("words", [["{}"], ["screenshot", "{}", "x.png"]])
@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"QT_QPA_PLATFORM": "nosuch"}, 'Could not find the Qt platform plugin "nosuch"'),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":7777"}, "there is no display for the window: "),
    ],
)
def test_without_a_display_there_is_a_sentence(samples, tmp_path, words, variables, reason):
    words = [word.format(samples / "gate.pt") for word in words]
    status, text = said(*words, cwd=tmp_path, environment=variables)
    assert status == 1
    assert text.startswith("jitviewer: there is no display for the window: ")
    assert reason in text
    assert text.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_no_hindrance(samples, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m jitviewer run {samples / 'gate.pt'}"
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        ["/bin/sh", "-c", program], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert (done.returncode, "FATAL" in done.stderr) == (0, False)
    assert "output output: Float(1, 4)" in done.stdout


@pytest.mark.parametrize("words", [["tree"], ["run"]])
def test_warnings_that_are_errors_find_nothing(samples, monkeypatch, words):
    monkeypatch.setenv("PYTHONWARNINGS", "error::ResourceWarning")
    done = jitviewer(*words, str(samples / "gate.pt"))
    assert done.returncode == 0
    assert "unclosed" not in done.stderr
