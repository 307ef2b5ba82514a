"""Asks a process that executes for an answer and for files, which are there whole or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from jitcore.source import JitError
from jitviewer.commands.answers import outcome_of, status_of
from jitviewer.plain_output import ReaderGoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jitviewer.engine.runner_link import File, RunnerDied
    from jitviewer.protocol.runner_bases import RunnerReply
    from jitviewer.protocol.runner_messages import AnyRun


def outcome_with_files(
    request: AnyRun,
    files: Mapping[str, File],
    written: Sequence[str],
    write: Callable[[str], object],
) -> RunnerReply | RunnerDied:
    """As `outcome_of`; the files `written` are put in their places only if there is an answer."""
    from jitviewer.launching.processes import hands_files
    from jitviewer.launching.surroundings import surroundings

    if not hands_files():
        # The runner may be on another machine, and writes there.
        return outcome_of(request, files, write)
    handed: dict[str, File] = {**files}
    try:
        with ExitStack() as outputs:
            for path in written:
                handed[path] = outputs.enter_context(surroundings().output(path)).fileno()
            outcome = outcome_of(request, handed, write)
            if status_of(outcome):
                raise _NothingToKeep(outcome)
    except _NothingToKeep as end:
        return end.outcome
    except ReaderGoneError:
        raise
    except OSError as error:
        raise JitError(f"{' or '.join(written)} cannot be written: {error.strerror or error}") from error
    return outcome


class _NothingToKeep(Exception):  # noqa: N818  # no error: it ends the contexts that would keep what was written
    def __init__(self, outcome: RunnerReply | RunnerDied) -> None:
        self.outcome = outcome
