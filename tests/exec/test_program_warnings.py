"""A warning shows the line of the program itself; the file that the program names is never opened."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from jitcore.exec.program_warnings import warn_at
from jitcore.source import Source, SourceRange


def place(filename: str | Path | None, text: str = "a = 1\n  warnings.warn('x')\nb = 2\n", start: int = 8):
    return SourceRange(Source(text, None if filename is None else str(filename), 10), start, start + 3)


@pytest.fixture
def pipe(tmp_path):
    """A file that nobody can read to its end: who opens it waits for ever."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


WARNS = """
import sys
from jitcore.exec.program_warnings import warn_at
from jitcore.source import Source, SourceRange
warn_at("from the model", SourceRange(Source("a = 1\\n  warnings.warn('x')\\n", sys.argv[1], 10), 8, 11))
"""


def shown(name: str) -> str:
    """What a process of its own writes of the warning."""
    done = subprocess.run(
        [sys.executable, "-c", WARNS, name], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stderr


@pytest.mark.parametrize("name", ["secret.txt", "pipe", "/dev/zero", "<unknown>"])
def test_the_line_shown_is_the_programs_own(tmp_path, monkeypatch, pipe, name):
    (tmp_path / "secret.txt").write_text("a secret\n" * 40)
    monkeypatch.chdir(tmp_path)
    assert shown(name) == f"{name}:12: UserWarning: from the model\n  warnings.warn('x')\n"


def test_a_line_that_is_empty_is_not_looked_up(pipe):
    with pytest.warns(UserWarning, match="from the model") as caught:
        warn_at("from the model", place(pipe, "\n\n", 1))
    assert caught[0].line == ""


def test_whoever_records_finds_file_line_and_text(pipe):
    with pytest.warns(UserWarning, match="from the model") as caught:
        warn_at("from the model", place(pipe))
    (found,) = caught
    assert (found.filename, found.lineno, found.category) == (str(pipe), 12, UserWarning)
    text = warnings.formatwarning(found.message, found.category, found.filename, found.lineno, found.line)
    assert "warnings.warn('x')" in text


def test_filters_hold_as_for_all_warnings(pipe):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warn_at("from the model", place(pipe))
    assert not caught
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="from the model"):
            warn_at("from the model", place(pipe))


def test_without_a_file_it_is_a_warning_all_the_same():
    with pytest.warns(UserWarning, match="from the model"):
        warn_at("from the model", place(None))
    with pytest.warns(UserWarning, match="from the model"):
        warn_at("from the model", None)
