"""Files that a run writes are whole or not there, and none of them is what it reads."""

import os

import pytest

from tests.cli.processes import jitviewer


def test_two_results_need_two_files(samples, tmp_path):
    out = str(tmp_path / "x")
    done = jitviewer("run", str(samples / "gate.pt"), "--outputs", out, "--trace", out)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("cannot hold both the result and the trace; name two files")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("option", ["--outputs", "--trace"])
def test_what_is_read_is_not_written(samples, tmp_path, option):
    file = tmp_path / "gate.pt"
    file.write_bytes((samples / "gate.pt").read_bytes())
    link = tmp_path / "link.pt"
    link.symlink_to(file)
    done = jitviewer("run", str(file), option, str(link))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"jitviewer: {link} is what the run reads; write to another file"
    assert file.read_bytes() == (samples / "gate.pt").read_bytes()


@pytest.mark.parametrize("words", [["run", "{}", "--outputs", "{}"], ["export", "{}", "{}", "--to", "svg"]])
def test_a_pipe_that_nobody_reads_is_said(samples, tmp_path, words):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    names = iter((str(samples / "gate.pt"), str(pipe)))
    done = jitviewer(*(next(names) if word == "{}" else word for word in words))
    assert done.returncode == 1
    assert f"{pipe} cannot be written" in done.stderr
