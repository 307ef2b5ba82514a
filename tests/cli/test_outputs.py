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


SCRIPT = "def f(x: int) -> int:\n    return x\n"


@pytest.mark.parametrize("link", ["none", "hard", "symbolic"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("m.py", ["script", "{file}:f", "-o", "{out}"]),
        ("m.pt", ["export", "{file}", "{out}", "--to", "svg"]),
        ("m.pt", ["screenshot", "{file}", "{out}"]),
        ("m.py", ["run", "{file}:f", "--input", "1", "--outputs", "{out}"]),
        ("x.npy", ["run", "{sample}", "--input", "{file}", "--trace", "{out}"]),
    ],
)
def test_no_command_writes_what_it_reads(samples, tmp_path, link, name, words):
    file, out = tmp_path / name, tmp_path / "out"
    file.write_bytes(SCRIPT.encode() if name == "m.py" else (samples / "gate.pt").read_bytes())
    before = file.read_bytes()
    if link == "hard":
        out.hardlink_to(file)
    elif link == "symbolic":
        out.symlink_to(file)
    else:
        out = tmp_path / ".." / tmp_path.name / name
    done = jitviewer(*(word.format(file=file, out=out, sample=samples / "gate.pt") for word in words))
    what = "the run" if words[0] == "run" else f"'{words[0]}'"
    assert (done.returncode, done.stderr) == (
        1, f"jitviewer: {out} is what {what} reads; write to another file\n",
    )  # fmt: skip
    assert file.read_bytes() == before


def test_another_file_that_is_there_is_written(samples, tmp_path):
    out = tmp_path / "gate.svg"
    out.write_text("old")
    assert jitviewer("export", str(samples / "gate.pt"), str(out)).returncode == 0
    assert out.read_text().startswith("<?xml")
