"""Runs two open documents beside each other, in a runner of their own; cancelled by killing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jitviewer.engine.handing_files import send_run
from jitviewer.engine.runner_link import File, RunnerDied, RunnerLink, RunnerNews
from jitviewer.protocol import events
from jitviewer.protocol.comparison_messages import CompareRuns, RunsCompared
from jitviewer.protocol.framing import UnsentMessageError
from jitviewer.protocol.runner_messages import RunFailed, RunProgress


@dataclass(slots=True, frozen=True)
class ComparisonNews:
    """What the runner of comparisons told."""

    news: RunnerNews


class Comparisons:
    """One comparison at a time, of the document that asked last.

    `deliver` is called from another thread with what the runner tells; `handle` takes it in the engine's own.
    """

    def __init__(
        self, emit: Callable[[events.Event], None], deliver: Callable[[ComparisonNews], None]
    ) -> None:
        self._emit = emit
        self._link = RunnerLink(lambda news: deliver(ComparisonNews(news)))
        self._document = 0
        self._number = 0

    def new_id(self) -> int:
        """A number for a comparison."""
        self._number += 1
        return self._number

    def start(self, document: int, request: CompareRuns, files: Mapping[str, File]) -> None:
        """Compare for a document; what is compared for another one is given up."""
        if self._document:
            self.cancel(self._document)
        try:
            send_run(self._link, request, files)
        except (OSError, UnsentMessageError) as error:
            self._emit(events.ComparisonStopped(document, f"The runner does not start: {error}."))
            return
        self._document = document
        self._emit(events.ComparisonMoved(document, "loading"))

    def cancel(self, document: int, quietly: bool = False) -> None:
        """Give up what is compared for a document."""
        if self._document != document:
            return
        self._document = 0
        self._link.kill()
        if not quietly:
            self._emit(
                events.ComparisonStopped(document, "The comparison was cancelled; its process was ended.")
            )

    def handle(self, told: ComparisonNews) -> None:
        """Take what the runner told."""
        document = self._document
        if not document:
            return
        match told.news:
            case RunProgress(stage=stage):
                self._emit(events.ComparisonMoved(document, stage))
            case RunsCompared(comparison=comparison):
                self._end()
                self._emit(events.ComparisonDone(document, comparison))
            case RunFailed(sentence=sentence) | RunnerDied(sentence=sentence):
                self._end()
                self._emit(events.ComparisonStopped(document, sentence))
            case _:
                return

    def _end(self) -> None:
        """Nothing is kept for later, so the process and what it holds go."""
        self._document = 0
        self._link.kill()

    def close(self) -> None:
        """End the runner."""
        self._link.kill()


def told_apart(path: str, other: str) -> tuple[str, str]:
    """What sentences call two files: their names, with a number where these are equal."""
    name, second = Path(path).name, Path(other).name
    return (name, second) if name != second else (f"{name} (1)", f"{name} (2)")
