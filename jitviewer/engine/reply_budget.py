"""How much a runner may answer, so that one that is no longer our own program cannot fill the memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from jitviewer.protocol.bounds import PRINTED, SENTENCE
from jitviewer.protocol.framing import FrameError
from jitviewer.protocol.runner_messages import RunPrinted, RunProgress

if TYPE_CHECKING:
    from jitviewer.protocol.runner_messages import AnyRunnerReply

_AT_ONCE: Final = 100
_EACH_SECOND: Final = 50
"""Reports of progress: stages follow each other at once, and then there are ten a second."""


class ReplyBudget:
    """Counts what one process answers."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._asked = 0
        self._answered = 0
        self._reports = 0
        self._printed = 0

    def ask(self) -> None:
        """A request is sent, which has one answer."""
        self._asked += 1

    def take(self, reply: AnyRunnerReply) -> None:
        """Count a reply. Raises `FrameError` if no runner of ours would have sent it."""
        if isinstance(reply, RunPrinted):
            self._printed += len(reply.text)
            if self._printed > self._asked * (PRINTED + SENTENCE):
                raise FrameError(f"more than {PRINTED:,} printed characters")
        elif isinstance(reply, RunProgress):
            self._reports += 1
            lived = time.monotonic() - self._begun
            if self._reports > self._asked * _AT_ONCE + lived * _EACH_SECOND:
                raise FrameError("more reports of progress than there is time for")
        else:
            self._answered += 1
            if self._answered > self._asked:
                raise FrameError("an answer to no question")
