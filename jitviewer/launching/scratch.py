"""Files to write to and read from that nobody else needs to find."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path


def nameless_scratch() -> int:
    """A descriptor of a file without a name, which is gone with the last that has it open."""
    with tempfile.TemporaryFile(prefix="jitviewer-") as made:
        return os.dup(made.fileno())


def named_scratch(name: str) -> str:
    """The path of a file that goes with this process, where files cannot be handed to others."""
    folder = tempfile.mkdtemp(prefix="part-", dir=_folder())
    return str(Path(folder) / name)


@cache
def _folder() -> str:
    folder = tempfile.mkdtemp(prefix="jitviewer-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
