"""Diagnoses of objects of Python files, each in a runner of its own; stopped by killing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jitcore.source import JitError
from jitviewer.confinement.policy import Role
from jitviewer.engine.diagnosis_answers import diagnosis_row
from jitviewer.engine.runner_link import RunnerDied, RunnerLink, RunnerNews
from jitviewer.protocol import events
from jitviewer.protocol.bounds import NAME, SENTENCE, cut
from jitviewer.protocol.framing import UnsentMessageError
from jitviewer.protocol.rows import ProblemRow
from jitviewer.protocol.runner_messages import RunProgress
from jitviewer.protocol.script_messages import CompareScriptable, ScriptableDiagnosed, ScriptChanged
from jitviewer.protocol.trust import TrustedContent


@dataclass(slots=True, frozen=True)
class DiagnosisNews:
    """What the runner of diagnosis `number` told."""

    number: int
    news: RunnerNews


class Diagnoses:
    """One diagnosis at a time, of the document that asked last.

    `deliver` is called from another thread with what the runner tells; `handle` takes it in the engine's own.
    A process of its own, because the program runs many times in it, may loop for ever, or end it: what is
    shown of the file, and its own process, stay.
    """

    def __init__(
        self, emit: Callable[[events.Event], None], deliver: Callable[[DiagnosisNews], None]
    ) -> None:
        self._emit = emit
        self._deliver = deliver
        self._link: RunnerLink | None = None
        self._document = 0
        self._number = 0
        self._name = ""
        self._content = TrustedContent("", "")

    def start(self, request: CompareScriptable, document: int, trusted: TrustedContent) -> None:
        """Diagnose for a document; what is diagnosed for another one is given up."""
        if self._document:
            self.cancel(self._document)
        self._number += 1
        number = self._number
        self._link = RunnerLink(
            lambda news: self._deliver(DiagnosisNews(number, news)), Role.PERSON, document
        )
        self._document, self._name, self._content = document, request.name, trusted
        try:
            self._link.send(request)
        except (OSError, UnsentMessageError) as error:
            self._stop(f"{request.name} cannot be compared: its process does not start: {error}")
            return
        self._move("This may take a minute.")

    def _move(self, how_far: str) -> None:
        doing = f"Running {self._name}, its trace and its script on many inputs, to see where they part."
        name, sentence = cut(self._name, NAME), cut(f"{doing} {how_far}", SENTENCE)
        self._emit(events.DiagnosisMoved(self._document, name, sentence))

    def cancel(self, document: int, quietly: bool = False) -> None:
        """Give up what is diagnosed for a document."""
        if self._document == document and document:
            sentence = f"The comparison of {self._name} was stopped; its process was ended."
            if quietly:
                self.close()
            else:
                self._stop(sentence)

    def handle(self, told: DiagnosisNews) -> None:
        """Take what the runner told."""
        if told.number != self._number or not self._document:
            return
        match told.news:
            case RunProgress(done=done):
                self._move(f"{done} {'input' if done == 1 else 'inputs'} tried so far.")
            case ScriptableDiagnosed(problems=problems) as found:
                if problems:
                    self._stop(_sentence(problems[0]))
                    return
                try:
                    row = diagnosis_row(self._name, found, self._content)
                except JitError as error:
                    self._stop(str(error))
                    return
                document = self._document
                self.close()
                self._emit(events.DiagnosisDone(document, row))
            case ScriptChanged():
                self._stop("The file is not what was trusted any more: reload it, and compare again.")
            case RunnerDied(sentence=sentence):
                self._stop(f"{self._name} ended the process that it was compared in: {sentence}")
            case _:
                return

    def close(self) -> None:
        """End the runner; nothing of it is kept."""
        self._document = 0
        if self._link is not None:
            self._link.kill()
            self._link = None

    def _stop(self, sentence: str) -> None:
        document = self._document
        self.close()
        self._emit(events.DiagnosisStopped(document, cut(sentence, SENTENCE)))


def _sentence(problem: ProblemRow) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {problem.message}"
