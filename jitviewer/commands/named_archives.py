"""Which archives a command line names: a confined command may read these itself."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from jitcore.requests.program_name import ProgramName

if TYPE_CHECKING:
    import argparse

READ = ("file", "other", "before", "after", "inputs", "golden")
"""Options that name what is read."""

EXECUTED = ("file", "other")
"""Of these, those that a command is about: only they are executed where they are Python."""

WRITTEN = ("out", "output", "outputs", "trace", "report", "new_golden")
"""Options that name what is written."""


def named_archives(options: argparse.Namespace) -> frozenset[str]:
    """Paths of files that are there to be read, without those of Python, which another process executes."""
    return frozenset(path for path in named_paths(options) if _is_file(path))


def named_paths(options: argparse.Namespace) -> list[str]:
    """Paths of what is to be read, whatever is there, without Python."""
    found = {name: getattr(options, name, "") for name in READ}
    return [
        path
        for name, path in found.items()
        if path and not (name in EXECUTED and ProgramName.read(path).is_python)
    ]


def _is_file(path: str) -> bool:
    # A right to read a folder would be one to read all in it.
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  # a text that may be no path
    except (OSError, ValueError):
        return False


def names_python(options: argparse.Namespace) -> bool:
    """Whether a file of Python is named; it is executed because of that, as `python FILE.py` does."""
    return any(ProgramName.read(getattr(options, name, None) or "").is_python for name in EXECUTED)
