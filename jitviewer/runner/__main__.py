"""Starts the runner: `python -m jitviewer.runner ROLE LIBRARY...` serves what comes on standard input.

What it may do is decided by its role before anything else happens.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from typing import NoReturn

from jitviewer.confinement import Role
from jitviewer.plain_output import write_plainly
from jitviewer.runner.beginning import begin

MOST_FRAMES = 20_000
"""How deep calls may nest: blocks inside blocks of a program are calls inside calls here."""


def main() -> int:
    """Serve until the input ends or `Shutdown` comes."""
    role = Role(sys.argv[1]) if len(sys.argv) > 1 else Role.PERSON
    sys.setrecursionlimit(MOST_FRAMES)
    libraries = tuple(sys.argv[2:])
    requests, replies, confinement = begin(role, libraries)
    if role is Role.PERSON:
        # Of the others, whoever started them makes it plain, and no more of it than is shown.
        write_plainly()
    from jitviewer.runner.server import serve

    serve(requests, replies, confinement, libraries)
    return 0


def run_and_end() -> NoReturn:
    """Do it and end at once: threads that a program left behind would be waited for."""
    try:
        status = main()
    except BaseException:  # noqa: BLE001  # what nobody expected must not wait for such threads either
        traceback.print_exc()
        status = 1
    for output in (sys.stdout, sys.stderr):
        # A program may have closed them.
        with contextlib.suppress(OSError, ValueError):
            output.flush()
    os._exit(status)


if __name__ == "__main__":
    run_and_end()
