"""Starts the engine: frames on standard input are requests, frames on standard output are events.

Where the system offers it, what parses files is a confined child of this process, which reads the requests
first and learns from them which files the person named.
"""

from __future__ import annotations

import os
import sys

from jitviewer.confinement.seccomp import end_with_parent
from jitviewer.launching.supervising import Supervised, can_supervise
from jitviewer.launching.supervisor import Named


def main() -> int:
    """Serve until standard input ends; 1 if what came in was no message."""
    # The window may be ended before it can end anybody; its pipe may be full then and hide that it is gone.
    end_with_parent()
    if not can_supervise():
        return _serve()
    requests, forwarded = os.pipe()
    engine = Supervised(_serve, requests=requests)
    os.close(requests)
    # The child has them; what it writes must be all that the window sees.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
    named = Named()

    def relay() -> None:
        from jitviewer.engine.named_files import relay_requests

        relay_requests(0, forwarded, named)

    return engine.supervise(lambda: named, relay)


def _serve() -> int:
    from jitviewer.engine.serving import serve

    return serve()


if __name__ == "__main__":
    sys.exit(main())
