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

    from jitviewer.engine.runner_link import File, RunnerDied, RunnerNews
    from jitviewer.protocol.runner_bases import RunnerReply
    from jitviewer.protocol.runner_messages import AnyRun

STOPPED: Final = 3
"""The exit status where the process ended by itself."""


def outcome_of(
    request: AnyRun, files: Mapping[str, File], write: Callable[[str], object]
) -> RunnerReply | RunnerDied:
    """How it ended; `write` gets what the program prints.

    Its process has ended too, so that all is written that it had to say. Raises `JitError` if none starts.
    """
    from jitviewer.engine.handing_files import send_run
    from jitviewer.engine.runner_link import RunnerLink
    from jitviewer.protocol.runner_messages import RunPrinted, RunProgress

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
                case outcome:
                    return outcome
    finally:
        link.kill()


def status_of(outcome: RunnerReply | RunnerDied) -> int:
    """The exit status that an outcome means, 0 for an answer."""
    from jitviewer.engine.runner_link import RunnerDied
    from jitviewer.protocol.runner_messages import RunFailed

    if isinstance(outcome, RunnerDied):
        return STOPPED
    return 1 if isinstance(outcome, RunFailed) else 0


def tell_failure(outcome: RunnerReply | RunnerDied, has_all_frames: bool) -> None:
    """Tell why there is no answer, if so; the traceback of a program is whole if it `has_all_frames`."""
    from jitviewer.engine.runner_link import RunnerDied
    from jitviewer.protocol.runner_messages import RunFailed

    if not isinstance(outcome, RunFailed | RunnerDied):
        return
    if isinstance(outcome, RunFailed) and outcome.traceback:
        traceback = outcome.traceback
        print(traceback if has_all_frames else folded_frames(traceback, ALL_FRAMES), file=sys.stderr)
    tell(outcome.sentence)


def answer_of(
    request: AnyRun, files: Mapping[str, File], write: Callable[[str], object], has_all_frames: bool
) -> RunnerReply | int:
    """The answer, or the exit status once it is told why there is none; as `outcome_of`."""
    from jitviewer.engine.runner_link import RunnerDied
    from jitviewer.protocol.runner_messages import RunFailed

    outcome = outcome_of(request, files, write)
    tell_failure(outcome, has_all_frames)
    return status_of(outcome) if isinstance(outcome, RunFailed | RunnerDied) else outcome
