"""Serves one engine on a pair of pipes."""

from __future__ import annotations

import gc
import os
import sys
import threading

from jitviewer.engine.engine import Engine
from jitviewer.plain_output import write_plainly
from jitviewer.protocol.events import Event, TrustWanted
from jitviewer.protocol.framing import FrameError, UnsentMessageError, encode, encode_shown, read_messages
from jitviewer.protocol.refusals import instead_of_event
from jitviewer.protocol.requests import AnyRequest, AskAlive

COLLECT_AFTER = 50_000
"""Objects made between two looks for garbage. Graphs are hundreds of thousands of small objects that live
long; the default of 700 spends half of the time of a redraw on looking through them."""


def serve() -> int:
    """Take requests from standard input until it ends; 1 if what came in was no message."""
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    write_plainly()
    # Events get a descriptor of their own: whatever prints to standard output cannot break a frame.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    status = 0

    def emit(event: Event) -> None:
        try:
            # The path of what is trusted comes back; all else is shown, by Qt, which takes no half of a pair.
            data = memoryview(encode(event) if isinstance(event, TrustWanted) else encode_shown(event))
        except UnsentMessageError as error:
            data = memoryview(encode_shown(instead_of_event(event, str(error))))
        while data:
            data = data[output.write(data) :]

    engine = Engine(emit)

    def read() -> None:
        nonlocal status
        try:
            for request in read_messages(sys.stdin.buffer, AnyRequest):
                if isinstance(request, AskAlive):
                    engine.tell_alive()
                else:
                    engine.post(request)
        except BrokenPipeError:
            # The window is gone, and was the one who asked.
            status = 1
        except FrameError as error:
            print(f"jitviewer engine: {error}", file=sys.stderr)
            status = 1
        finally:
            engine.end()

    threading.Thread(target=read, name="requests", daemon=True).start()
    try:
        engine.run()
    except BrokenPipeError:
        # The window is gone; there is nobody to tell.
        return 1
    return status
