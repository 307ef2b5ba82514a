"""Passes requests of the window on to the engine, and notes which files they name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitviewer.protocol import requests
from jitviewer.protocol.framing import FrameDecoder, FrameError
from jitviewer.protocol.input_spec import files_in

if TYPE_CHECKING:
    from jitviewer.launching.supervisor import Named

_PIECE = 1 << 16


def relay_requests(source: int, target: int, named: Named) -> None:
    """Copy bytes from one descriptor to the other until they end; then close the other.

    What a request names is granted before the engine sees it. Bytes that are no requests are passed on as
    they are: the engine says what there is to say of them.
    """
    decoder = FrameDecoder(requests.AnyRequest)
    try:
        while data := os.read(source, _PIECE):
            decoder.put(data)
            try:
                while (request := decoder.take()) is not None:
                    note(request, named)
            except FrameError:
                os.write(target, data)
                return
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(target, rest) :]
    except BrokenPipeError:
        # The engine is gone, and whoever waits for it tells.
        return
    finally:
        os.close(target)


def note(request: requests.Request, named: Named) -> None:
    """Grant what the person named in a request."""
    if isinstance(request, requests.OpenDocument):
        named.read.add(request.path)
        if request.trusted is not None:
            named.trusted.add(request.document)
        else:
            named.trusted.discard(request.document)
    elif isinstance(request, requests.AskPassExample):
        named.read.add(request.path)
    elif isinstance(request, requests.Run | requests.RunStages):
        of_stages = [] if isinstance(request, requests.Run) else request.runs
        inputs = request.inputs if isinstance(request, requests.Run) else []
        texts = [*inputs, *(text for run in of_stages for text in run.inputs)]
        named.read.update(path for text in texts for path in files_in(text))
        named.may_reach_files |= request.allow_files
        named.libraries.update(request.libraries)
