"""Answers requests about Python files: what they have, compiled, saved or printed."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from msgspec.structs import replace

import jitcore
from jitcore.requests.method_request import MethodRequest
from jitcore.requests.resolving import resolve
from jitcore.requests.stage import Stage
from jitcore.requests.texts import code_of, graph_of, json_of
from jitcore.scripting.library.errors import RAISED
from jitcore.scripting.library.saving import save_compiled
from jitcore.scripting.library.unwrapping import program_of
from jitcore.source import JitError, SourceError
from jitviewer.plain_files import reason_of
from jitviewer.protocol.bounds import DETAIL, NAME, SCRIPTABLES, SENTENCE, cut
from jitviewer.protocol.input_bounds import bounded_inputs
from jitviewer.protocol.problems import bounded_problem
from jitviewer.protocol.rows import ProblemRow, ScriptableRow
from jitviewer.protocol.script_messages import (
    CompareScriptable,
    CompileScriptable,
    InputsProposed,
    OpenScript,
    ProposeInputs,
    RenderScriptable,
    ScriptableCompiled,
    ScriptableDiagnosed,
    ScriptableRendered,
    ScriptChanged,
    ScriptOpened,
)  # fmt: skip
from jitviewer.runner.call_inputs import call_inputs
from jitviewer.runner.collected_warnings import collected_warnings
from jitviewer.runner.diagnosing import SideGraphs, diagnosed, sources_of
from jitviewer.runner.evaluating import LocalEvaluator
from jitviewer.runner.handed_files import HandedFiles
from jitviewer.runner.inputs import make_inputs
from jitviewer.runner.replies import TrialReport
from jitviewer.runner.script_files import (
    RAISED_BY_PROGRAMS,
    NotTrustedError,
    ScriptFile,
    ScriptFileError,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitviewer.protocol.runner_bases import RunnerReply


class ScriptFiles:
    """The files that were executed; each once, until it is opened again. What takes long is told of."""

    def __init__(self, handed: HandedFiles, tell: Callable[[RunnerReply], object]) -> None:
        self._files: dict[str, ScriptFile] = {}
        self._handed = handed
        self._tell = tell

    def answer(
        self,
        request: OpenScript | CompileScriptable | ProposeInputs | RenderScriptable | CompareScriptable,
    ) -> RunnerReply:
        """The answer to one request; what goes wrong is a problem in it."""
        try:
            match request:
                case OpenScript():
                    return self._open(request)
                case CompileScriptable():
                    return self._compile(request)
                case ProposeInputs():
                    return self._propose(request)
                case RenderScriptable():
                    return self._render(request)
                case CompareScriptable():
                    return self._compare(request)
        except NotTrustedError as error:
            return ScriptChanged(request.id, error.found)

    def _open(self, request: OpenScript) -> ScriptOpened:
        try:
            self._files[request.path] = opened = ScriptFile(request.path, request.trusted)
        except ScriptFileError as problem:
            return ScriptOpened(request.id, [], [bounded_problem(problem.row)])
        shown = [_bounded(row) for row in opened.scriptables[:SCRIPTABLES]]
        return ScriptOpened(request.id, shown, [], opened.text, len(opened.scriptables) - len(shown))

    def _compile(self, request: CompileScriptable) -> ScriptableCompiled:
        name = cut(request.name, DETAIL)
        warned: list[ProblemRow] = []
        try:
            compiled = self._compiled(request, warned)
            if request.graphs:
                with self._handed.to_write(request.archive) as stream:
                    save_compiled(compiled, stream, Path(request.archive).stem)
            elif isinstance(compiled, type):
                raise JitError(
                    f"{request.name} is a class, which has no archive of its own: save a function or a "
                    "module that uses it"
                )
            elif request.archive in self._handed:
                with self._handed.to_write(request.archive) as stream:
                    jitcore.save(compiled, stream)
            else:
                jitcore.save(compiled, request.archive)
        except OSError as error:
            # Only the archive is written here; what the program meets with files is told as what it raises.
            row = ProblemRow(name, request.archive, 0, 0, f"cannot be written: {reason_of(error)}")
            return ScriptableCompiled(request.id, name, "", [bounded_problem(row)], warned)
        except (JitError, RuntimeError) as error:
            return ScriptableCompiled(request.id, name, "", [problem_row(error, request)], warned)
        return ScriptableCompiled(request.id, name, request.archive, [], warned)

    def _render(self, request: RenderScriptable) -> ScriptableRendered:
        warned: list[ProblemRow] = []
        try:
            text = rendered(self._compiled(request, warned), request)
        except (JitError, RuntimeError) as error:
            return ScriptableRendered(request.id, "", [problem_row(error, request)], warned)
        return ScriptableRendered(request.id, text, [], warned)

    def _compare(self, request: CompareScriptable) -> ScriptableDiagnosed:
        try:
            graphs = SideGraphs()
            told = TrialReport(request.id, self._tell).tried
            found = diagnosed(self._opened(request), request, self._handed, graphs, told)
        except (JitError, RuntimeError) as error:
            return ScriptableDiagnosed(request.id, "", [problem_row(error, request)])
        return ScriptableDiagnosed(
            request.id, json.dumps(found.as_json()), [], graphs.row, graphs.why_none,
            sources_of(found) if request.graphs else [],
        )  # fmt: skip

    def _propose(self, request: ProposeInputs) -> InputsProposed:
        name = cut(request.name, DETAIL)
        try:
            called = _traceable(self._opened(request), request.name, request.arguments)
            inputs, _ = bounded_inputs(call_inputs(called))
        except JitError as error:
            return InputsProposed(request.id, name, [], [problem_row(error, request)])
        return InputsProposed(request.id, name, inputs, [])

    def _opened(
        self, request: CompileScriptable | ProposeInputs | RenderScriptable | CompareScriptable
    ) -> ScriptFile:
        opened = self._files.get(request.path)
        if opened is None:
            opened = self._files[request.path] = ScriptFile(request.path, request.trusted)
        return opened

    def _compiled(self, request: CompileScriptable | RenderScriptable, warned: list[ProblemRow]) -> Any:
        """What an object was compiled to, or traced; what a trace warns of comes into `warned`."""
        opened = self._opened(request)
        if request.inputs is not None:
            return self._traced(opened, request, request.inputs, warned)
        scriptable = opened.object(request.name, request.arguments)
        call = opened.traced_call(scriptable)
        if call is not None:
            with collected_warnings(request.name, warned):
                try:
                    return call.repeated()
                except RAISED_BY_PROGRAMS as error:
                    why = opened.raised_by(request.name, "tracing it once more", error).row
                    said = f"{why.message}; this is what torch traced"
                    warned.append(bounded_problem(replace(why, message=said, is_warning=True)))
        try:
            return jitcore.script(scriptable)
        except RAISED as error:
            # The library raises torch.jit's classes, made from an error of ours that knows the place.
            if isinstance(error.__cause__, JitError):
                raise error.__cause__ from error
            if isinstance(error, RuntimeError):
                raise
            raise opened.raised_by(request.name, "compiling", error) from error
        except RAISED_BY_PROGRAMS as error:
            raise opened.raised_by(request.name, "compiling", error) from error

    def _traced(
        self,
        opened: ScriptFile,
        request: CompileScriptable | RenderScriptable,
        inputs: list[str],
        warned: list[ProblemRow],
    ) -> Any:
        name = request.name
        called = _traceable(opened, name, request.arguments)
        given = make_inputs(inputs, 0, torch.device("cpu"), self._handed)
        with collected_warnings(name, warned):
            try:
                return jitcore.trace(called, tuple(given))
            except RAISED_BY_PROGRAMS as error:
                raise opened.raised_by(name, "tracing", error) from error


def _traceable(opened: ScriptFile, name: str, arguments: str) -> Any:
    """An object of the file that can be called once. Raises `ScriptFileError` for a class."""
    found = opened.object(name, arguments)
    if inspect.isclass(found):
        raise opened.problem(name, f"'{name}' is a class: trace a function or a module")
    if not callable(found):
        kind = type(found).__name__
        raise opened.problem(name, f"'{name}' is a {kind}: trace a function or a torch.nn.Module")
    return found


def _bounded(row: ScriptableRow) -> ScriptableRow:
    """The row; a name that was cut is of something that cannot be asked for."""
    return replace(
        row, name=cut(row.name, NAME), parameters=cut(row.parameters, DETAIL), note=cut(row.note, SENTENCE)
    )


def rendered(compiled: Any, request: RenderScriptable) -> str:
    """The text that is asked for of what was compiled. Raises `JitError` naming what is missing."""
    stage = Stage.INLINED if request.inlined else Stage.AS_WRITTEN
    wanted = MethodRequest(request.module_path, request.method, request.passes, stage)
    found = resolve(program_of(compiled), wanted, LocalEvaluator())
    if request.view == "code":
        return code_of(found)
    return json_of(found) if request.view == "json" else graph_of(found, request.locations)


def problem_row(
    error: Exception,
    request: CompileScriptable | ProposeInputs | RenderScriptable | CompareScriptable,
) -> ProblemRow:
    """An error of the compiler as a row; what stands in no file is a problem of the whole object."""
    if isinstance(error.__cause__, JitError):
        error = error.__cause__
    if isinstance(error, ScriptFileError):
        return bounded_problem(error.row)
    if not isinstance(error, SourceError):
        return bounded_problem(ProblemRow(request.name, request.path, 0, 0, str(error)))
    file, _, rest = error.location.rpartition(":")
    file, _, line = file.rpartition(":")
    # Below the lines that are wrong: the calls that led to them.
    excerpt = "\n".join((error.excerpt.rstrip(), *getattr(error, "__notes__", ())))
    if not (rest.isdigit() and line.isdigit()):
        return bounded_problem(ProblemRow(request.name, request.path, 0, 0, error.message, excerpt))
    return bounded_problem(ProblemRow(request.name, file, int(line), int(rest), error.message, excerpt))
