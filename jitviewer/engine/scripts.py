"""Python files of documents: executed and compiled in a runner of their own, object after object."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from jitcore.archive import OpenedFile
from jitcore.archive.opened_file import place_of
from jitcore.passes import Evaluator
from jitcore.source import JitError
from jitviewer.confinement.policy import Role
from jitviewer.engine.runner_link import RunnerDied, RunnerLink, RunnerNews
from jitviewer.engine.shown_script import ShownScript
from jitviewer.launching.surroundings import File, surroundings
from jitviewer.plain_files import read_plain, reason_of
from jitviewer.protocol import events
from jitviewer.protocol.bounds import NAME, SENTENCE, cut
from jitviewer.protocol.place import DocumentPlace
from jitviewer.protocol.rows import ProblemRow
from jitviewer.protocol.script_messages import (
    CompareScriptable,
    CompileScriptable,
    InputsProposed,
    OpenScript,
    ProposeInputs,
    ScriptableCompiled,
    ScriptChanged,
    ScriptOpened,
)
from jitviewer.protocol.traced_names import is_traced_name, name_that_was_traced, traced_name
from jitviewer.protocol.trust import TrustedContent
from jitviewer.trusted_source import MOST_SOURCE, trusted_content


class ScriptNews:
    """What the runner of a Python file said. Attributes: `document`, `news`."""

    __slots__ = ("document", "news")

    def __init__(self, document: int, news: RunnerNews) -> None:
        self.document = document
        self.news = news


class Script:
    """One Python file: what is `shown` of it, and the process that executed what was `trusted`.

    A process of its own, because a program may do anything to its process, loop for ever, or end it.
    """

    def __init__(
        self, shown: ShownScript, trusted: TrustedContent, deliver: Callable[[ScriptNews], None]
    ) -> None:
        self.shown = shown
        self.trusted = trusted
        self._link = RunnerLink(
            lambda news: deliver(ScriptNews(shown.number, news)), Role.PERSON, shown.number
        )
        self._archives: dict[str, File] = {}
        self._next = 1
        self._busy_with = ""
        self._proposing: list[tuple[str, str]] = []

    def open(self) -> None:
        """Execute the file."""
        self._link.send(OpenScript(self._number(), self.shown.path, self.trusted))

    def compile(self, name: str, arguments: str) -> None:
        """Compile an object and show it."""
        self.shown.arguments[name] = arguments
        self._want(name)

    def trace(self, name: str, arguments: str, inputs: list[str]) -> Iterator[events.Event]:
        """Trace an object with inputs, and show the trace."""
        shown, of, made = self.shown, name_that_was_traced(name), traced_name(name)
        if not shown.has(of):
            said = f"{shown.path}: there is no '{of}' that could be traced"
            yield events.MethodFailed(shown.number, "", cut(made, NAME), cut(said, SENTENCE))
            return
        shown.arguments[of] = arguments
        yield from shown.list_trace(made, inputs)
        self._want(made)

    def propose(self, name: str, arguments: str) -> None:
        """Have inputs for a trace proposed."""
        name = name_that_was_traced(name)
        self._proposing.append((name, arguments))
        self._link.send(ProposeInputs(self._number(), self.shown.path, self.trusted, name, arguments))

    def comparison(self, name: str, arguments: str, inputs: list[str]) -> CompareScriptable:
        """What another process is asked to say why a trace of an object differs."""
        of = name_that_was_traced(name)
        return CompareScriptable(1, self.shown.path, self.trusted, of, arguments, inputs, [], graphs=True)

    def stop(self) -> Iterator[events.Event]:
        """End the process; what it was busy with is not made, and the next has another process."""
        if self._busy_with or self._proposing:
            self._link.kill()
            yield from self._ended("")

    def _want(self, name: str) -> None:
        """Make an object next, and show it."""
        self.shown.want(name)
        if name in self.shown.waiting:
            self.shown.waiting.remove(name)
        self.shown.waiting.insert(0, name)
        self._compile_next()

    def close(self) -> None:
        """End the process and forget what it made."""
        self._link.kill()
        self.shown.close()
        for archive in self._archives.values():
            _give_up(archive)
        self._archives.clear()

    def handle(self, news: RunnerNews) -> Iterator[events.Event]:
        """Take what the process said."""
        shown = self.shown
        match news:
            case ScriptOpened(scriptables=scriptables, problems=problems, text=text, more=more):
                if problems:
                    sentence = cut(_sentence(problems[0]), SENTENCE)
                    yield events.DocumentFailed(shown.number, shown.path, sentence)
                else:
                    yield from shown.take_list(scriptables, text, more)
                    self._compile_next()
            case ScriptableCompiled(archive=archive, problems=problems, warnings=warnings):
                name, self._busy_with = self._busy_with, ""
                made = self._archives.pop(archive, None)
                if made is not None and problems:
                    _give_up(made)
                yield from shown.take_compiled(name, None if problems else made, problems, warnings)
                self._compile_next()
            case InputsProposed(inputs=inputs, problems=problems):
                name, arguments = self._proposing.pop(0)
                if problems:
                    sentence = cut(_sentence(problems[0]), SENTENCE)
                    yield events.MethodFailed(shown.number, "", cut(name, NAME), sentence)
                else:
                    yield from shown.proposed(name, arguments, inputs)
            case ScriptChanged(found=found):
                # Another file came in its place after the person said yes, or while its process was gone.
                yield events.TrustWanted(shown.number, shown.path, found)
            case RunnerDied(sentence=sentence):
                yield from self._ended(sentence)
            case _:
                raise TypeError(f"{type(news).__name__} is not about a Python file")

    def _ended(self, sentence: str) -> Iterator[events.Event]:
        """The process is gone: by itself, as a sentence says, or ("") because it was stopped."""
        shown, name = self.shown, self._busy_with
        self._busy_with = ""
        proposing, self._proposing = self._proposing, []
        for each, _ in proposing:
            said = f"{each} was not called: " + (
                f"the process ended. {sentence}" if sentence else "it was stopped"
            )
            yield events.MethodFailed(shown.number, "", cut(each, NAME), cut(said, SENTENCE))
        if not name and proposing:
            self._compile_next()
            return
        if not name:
            said = f"{Path(shown.path).name} ended the process that ran it: {sentence}"
            yield events.DocumentFailed(shown.number, shown.path, said)
            return
        doing = "tracing" if is_traced_name(name) else "compiling"
        what = f"{doing} {name_that_was_traced(name)} "
        what += f"ended its process: {sentence}" if sentence else "was stopped"
        problem = ProblemRow(name, shown.path, 0, 0, what)
        yield from shown.take_compiled(name, None, [problem])
        self._compile_next()

    def _compile_next(self) -> None:
        if not self._busy_with and self.shown.waiting:
            self._compile(self.shown.waiting[0])

    def _compile(self, name: str) -> None:
        self._busy_with = name
        number = self._number()
        made_from = name_that_was_traced(name)
        arguments, inputs = self.shown.arguments.get(made_from, ""), self.shown.traces.get(name)
        # A fresh file each time: the one before is still mapped by whoever shows it.
        archive = surroundings().scratch(f"{number}-{name}.pt")
        self._archives[str(archive)] = archive
        request = CompileScriptable(
            number, self.shown.path, self.trusted, made_from, arguments, str(archive), True, inputs
        )
        self._link.send(request, {str(archive): archive} if isinstance(archive, OpenedFile) else None)

    def _number(self) -> int:
        self._next += 1
        return self._next


def open_script(
    number: int,
    path: str,
    place: DocumentPlace | None,
    trusted: TrustedContent,
    evaluate: Evaluator | None,
    deliver: Callable[[ScriptNews], None],
) -> Script:
    """Start executing a file, as far as it is what was `trusted`, for a document which then shows `place`."""
    shown = ShownScript(number, path, evaluate)
    shown.come_back_to(place)
    script = Script(shown, trusted, deliver)
    script.open()
    return script


def _give_up(archive: File) -> None:
    if isinstance(archive, OpenedFile):
        archive.close()


def content_of(path: str) -> TrustedContent:
    """What a person would trust who trusts a file now. Raises `JitError` if it cannot be read."""
    try:
        file = surroundings().open(path)
        with ExitStack() as after:
            if isinstance(file, OpenedFile):
                after.callback(file.close)
            content = read_plain(place_of(file), MOST_SOURCE)
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise JitError(f"{path} cannot be read: {reason}") from error
    return trusted_content(os.path.realpath(path), content)


def _sentence(problem: ProblemRow) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {problem.message}"
