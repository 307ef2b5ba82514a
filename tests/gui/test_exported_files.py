"""What is exported is written whole, and to nothing but files."""

import os

import pytest

from jitviewer.ui.services.exported_files import write_exported
from jitviewer.ui.services.run_exports import write_csv, write_trace


def test_a_pipe_holds_nobody_up(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert write_csv(str(pipe), [["a"]]) == f"{pipe} cannot be written: it is a pipe, not a file."
    assert write_trace(str(pipe), []) == f"{pipe} cannot be written: it is a pipe, not a file."


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dev/null", "it is a device, not a file"), (".", "it is a folder, not a file"),
        ("no/x.csv", "No such file or directory"), ("a\0b", "its name has a character"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said(tmp_path, monkeypatch, path, reason):
    monkeypatch.chdir(tmp_path)
    assert write_exported(path, b"x").startswith(reason)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(tmp_path):
    file, link = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"before")
    file.chmod(0o640)
    link.symlink_to(file)
    with file.open("rb") as opened:
        assert write_exported(str(link), b"after") == ""
        assert opened.read() == b"before"
    assert (link.is_symlink(), file.read_bytes(), file.stat().st_mode & 0o777) == (True, b"after", 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
