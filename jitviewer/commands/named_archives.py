"""Which archives a command line names: a confined command may read these itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

_READ = ("file", "before", "after", "inputs")
_PYTHON = ".py"


def named_archives(options: argparse.Namespace) -> frozenset[str]:
    """Paths of files to be read, without those of Python, which another process executes."""
    found = (getattr(options, name, "") for name in _READ)
    return frozenset(path for path in found if path and not is_python(path))


def names_python(options: argparse.Namespace) -> bool:
    """Whether a file of Python is named; it is executed because of that, as `python FILE.py` does."""
    return is_python(getattr(options, "file", ""))


def is_python(text: str) -> bool:
    """Whether this is `FILE.py` or `FILE.py:NAME`."""
    return text.endswith(_PYTHON) or text.rpartition(":")[0].endswith(_PYTHON)
