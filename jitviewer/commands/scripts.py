"""Python files on the command line: `FILE.py:NAME` is compiled by a runner, which alone executes it.

Naming a file here is the person's consent to run it, as it is with `python FILE.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.commands.telling import tell
from jitviewer.plain_files import is_plain_file
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jitviewer.engine.runner_link import RunnerNews
    from jitviewer.launching.surroundings import File
    from jitviewer.protocol.rows import ProblemRow, ScriptableRow
    from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest

Answer = TypeVar("Answer", bound="RunnerReply")


def named_scriptable(text: str) -> ProgramName | None:
    """The object that `FILE.py` or `FILE.py:NAME` names, None for other files. Raises `JitError`."""
    named = ProgramName.read(text)
    if not named.is_python:
        return None
    if not is_plain_file(named.path):
        what = "it is no file" if os.path.lexists(named.path) else "there is no such file"
        raise JitError(f"{plain_line(named.path)} cannot be read: {what}")
    # Locations in graphs name the file as an import would.
    return named._replace(path=str(Path(named.path).absolute()))


def add_constructor_argument(parser: argparse.ArgumentParser) -> None:
    """--args."""
    parser.add_argument(
        "--args", default="", metavar="TEXT",
        help="arguments of the constructor of a class in a FILE.py, as between the parentheses of a call",
    )  # fmt: skip


def scriptables_in(path: str) -> list[ScriptableRow]:
    """What a file has to compile. Raises `JitError` if it cannot be run."""
    from jitviewer.protocol.script_messages import OpenScript, ScriptOpened

    with _Compiler() as compiler:
        opened = compiler.ask(OpenScript(1, path, None), ScriptOpened)
    _raise_first(opened.problems)
    return opened.scriptables


def compiled_archive(
    scriptable: ProgramName,
    arguments: str,
    archive: str = "",
    graphs: bool = False,
    inputs: list[str] | None = None,
) -> File:
    """Compile, or trace with `inputs`, and save; the archive goes with this process if no path is named.

    With `graphs` it holds the graphs as they were compiled, too, and may be of a class.
    """
    from jitviewer.launching.surroundings import surroundings
    from jitviewer.protocol.script_messages import CompileScriptable, ScriptableCompiled

    file: File = archive
    if archive and not Path(archive).parent.is_dir():
        # Before the program runs, which may take long.
        raise JitError(f"{archive} cannot be written: there is no folder {Path(archive).parent}")
    if not archive:
        file = surroundings().scratch(f"{scriptable.object or Path(scriptable.path).stem}.pt")
    with _Compiler() as compiler:
        name = compiler.name_of(scriptable)
        request = CompileScriptable(
            2, scriptable.path, None, name, arguments, str(file), graphs, inputs=inputs
        )
        compiled = compiler.ask(request, ScriptableCompiled, {str(file): file} if not archive else None)
    _tell_warnings(compiled.warnings)
    _raise_first(compiled.problems)
    return file


def render(
    scriptable: ProgramName,
    options: argparse.Namespace,
    view: str,
    inlined: bool = False,
    locations: bool = True,
    inputs: list[str] | None = None,
) -> str:
    """The text of a method as our compiler, or with `inputs` our tracer, gives it before it is saved."""
    from jitviewer.protocol.script_messages import RenderScriptable, ScriptableRendered

    with _Compiler() as compiler:
        request = RenderScriptable(
            2, scriptable.path, None, compiler.name_of(scriptable), options.args, options.module,
            options.method or "", view, options.passes, inlined, locations, inputs,
        )  # fmt: skip
        rendered = compiler.ask(request, ScriptableRendered)
    _tell_warnings(rendered.warnings)
    _raise_first(rendered.problems)
    return rendered.text


def diagnosis_of(
    scriptable: ProgramName, arguments: str, inputs: list[str], against: list[list[str]]
) -> dict[str, Any]:
    """Why a trace differs from the program, as plain values. Raises `JitError` where that cannot be asked."""
    from jitviewer.protocol.script_messages import CompareScriptable, ScriptableDiagnosed

    with _Compiler() as compiler:
        name = compiler.name_of(scriptable)
        request = CompareScriptable(2, scriptable.path, None, name, arguments, inputs, against)
        diagnosed = compiler.ask(request, ScriptableDiagnosed)
    _raise_first(diagnosed.problems)
    return json.loads(diagnosed.answer)


class _Compiler:
    """A runner of our own, ended with the context."""

    def __init__(self) -> None:
        from jitviewer.confinement import Role
        from jitviewer.engine.runner_link import RunnerLink

        self._news: queue.SimpleQueue[RunnerNews] = queue.SimpleQueue()
        self._link = RunnerLink(self._news.put, Role.PERSON)

    def __enter__(self) -> _Compiler:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.kill()

    def ask(
        self, request: RunnerRequest, kind: type[Answer], files: Mapping[str, File] | None = None
    ) -> Answer:
        """The answer of this kind. Raises `JitError` if the process ends instead."""
        from jitviewer.engine.runner_link import RunnerDied

        self._link.send(request, files)  # type: ignore[arg-type]  # every request is one of the union
        while True:
            news = self._news.get()
            if isinstance(news, kind):
                return news
            if isinstance(news, RunnerDied):
                raise JitError(f"the program ended its process: {news.sentence}")

    def name_of(self, scriptable: ProgramName) -> str:
        """The name that is meant. Raises `JitError` where none is given and there are several."""
        from jitviewer.protocol.script_messages import OpenScript, ScriptOpened

        opened = self.ask(OpenScript(1, scriptable.path, None), ScriptOpened)
        _raise_first(opened.problems)
        return scriptable.choose([row.name for row in opened.scriptables])


def _tell_warnings(warnings: Sequence[ProblemRow]) -> None:
    """Say of what a trace warned, and where; a problem that ends the command comes after."""
    for row in warnings:
        tell(f"{row.file}:{row.line}: warning: {row.message}", (row.file,))


def _raise_first(problems: Sequence[ProblemRow]) -> None:
    for problem in problems:
        raise_problem(problem)


def raise_problem(problem: ProblemRow) -> NoReturn:
    """A problem as the error that the command ends with: its place, then the lines that torch would give."""
    place = f"{problem.file}:{problem.line}:{problem.column}: " if problem.line else f"{problem.file}: "
    if not problem.excerpt:
        raise JitError(place + problem.message)
    head = f'\n  File "{problem.file}", line {problem.line}' if problem.line else ""
    raise JitError(f"{place}{problem.message}:{head}\n{problem.excerpt.rstrip()}")
