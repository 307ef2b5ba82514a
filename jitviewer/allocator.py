"""Chooses what Python gets its memory from in the window's process."""

from __future__ import annotations

import os
import sys

_VARIABLE = "PYTHONMALLOC"
_CHOICE = "malloc"


def use_the_c_library() -> None:
    """Start this program again, in this process, with the C library as Python's allocator.

    Python's own keeps a megabyte for every small object that outlives its neighbours, so a window stays
    twice as large after large models were closed. glibc gives single pages back when it is asked to
    (`free_memory`). Python reads the choice when it starts, which takes it some 20 ms. Elsewhere, and where
    the person chose an allocator, nothing happens.
    """
    if sys.platform.startswith("linux") and _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = _CHOICE
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def environment_of_children() -> dict[str, str]:
    """This process's environment without the choice: other processes end before their memory matters."""
    return {name: value for name, value in os.environ.items() if (name, value) != (_VARIABLE, _CHOICE)}
