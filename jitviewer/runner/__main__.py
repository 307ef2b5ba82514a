"""Starts the runner: `python -m jitviewer.runner` serves requests on standard input until it ends."""

from __future__ import annotations

import sys

from jitviewer.plain_output import write_plainly
from jitviewer.runner.pipes import claim_pipes
from jitviewer.runner.server import serve

MOST_FRAMES = 20_000
"""How deep calls may nest: blocks inside blocks of a program are calls inside calls here."""


def main() -> int:
    """Serve until the input ends or `Shutdown` comes."""
    sys.setrecursionlimit(MOST_FRAMES)
    requests, replies = claim_pipes()
    write_plainly()
    serve(requests, replies)
    return 0


if __name__ == "__main__":
    sys.exit(main())
