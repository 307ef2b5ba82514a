"""Asks a process that executes for one answer, and tells why there is none."""

from __future__ import annotations

import queue
import sys
from typing import TYPE_CHECKING, Final

from jitcore.source import JitError
from jitviewer.commands.telling import ALL_FRAMES, tell
from jitviewer.folded_frames import folded_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jitviewer.engine.runner_link import File, RunnerNews
    from jitviewer.protocol.golden_messages import GoldenRun
    from jitviewer.protocol.pipeline_messages import ComparePipelines
    from jitviewer.protocol.runner_bases import RunnerReply

STOPPED: Final = 3
"""The exit status where the process ended by itself."""


def answer_of(
    request: GoldenRun | ComparePipelines,
    files: Mapping[str, File],
    write: Callable[[str], object],
    has_all_frames: bool,
) -> RunnerReply | int:
    """The answer, or the exit status once it is told why there is none.

    `write` gets what the program prints; the traceback of a program is whole if it `has_all_frames`. Raises
    `JitError` if no process starts.
    """
    from jitviewer.engine.handing_files import send_run
    from jitviewer.engine.runner_link import RunnerDied, RunnerLink
    from jitviewer.protocol.runner_messages import RunFailed, RunPrinted, RunProgress

    news: queue.SimpleQueue[RunnerNews] = queue.SimpleQueue()
    link = RunnerLink(news.put)
    try:
        try:
            send_run(link, request, files)
        except OSError as error:
            raise JitError(f"the process that runs programs does not start: {error}") from error
        while True:
            match news.get():
                case RunPrinted(text=text):
                    write(text)
                case RunProgress():
                    continue
                case RunFailed(sentence=sentence, traceback=traceback):
                    if traceback:
                        told = traceback if has_all_frames else folded_frames(traceback, ALL_FRAMES)
                        print(told, file=sys.stderr)
                    tell(sentence)
                    return 1
                case RunnerDied(sentence=sentence):
                    tell(sentence)
                    return STOPPED
                case answer:
                    return answer
    finally:
        link.kill()
