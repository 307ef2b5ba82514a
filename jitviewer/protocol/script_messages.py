"""Messages about a person's Python file, which only the runner executes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Count, Few, OfInputs, OfProblems, OfScriptables, Whole, Words
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.diagnosis_rows import SourceFileRow
from jitviewer.protocol.rows import InputRow, ProblemRow, ScriptableRow
from jitviewer.protocol.runner_bases import RunnerReply, RunnerRequest
from jitviewer.protocol.trust import TrustedContent


class OpenScript(RunnerRequest, frozen=True, tag=True):
    """Execute a Python file and say what of it can be compiled; answered by `ScriptOpened`.

    It is executed only while it is what was `trusted`, else the answer is `ScriptChanged`. None stands for
    the file as it is: who names it on the command line consents to that.
    """

    path: str
    trusted: TrustedContent | None


class CompileScriptable(RunnerRequest, frozen=True, tag=True):
    """Compile an object of the file and save it as an archive; answered by `ScriptableCompiled`.

    `name` is a name of the file, dots lead to attributes. `arguments` are those of a class's constructor,
    as written between the parentheses of a call. `archive` is where to save; with `graphs` the graphs are
    written there as they were compiled, beside the code that torch reads. A process that did not execute the
    file yet does so first, as for `OpenScript`. With `inputs`, specifications of arguments, the object is
    called with them once and traced.
    """

    path: str
    trusted: TrustedContent | None
    name: str
    arguments: str
    archive: str
    graphs: bool = False
    inputs: list[str] | None = None


class ProposeInputs(RunnerRequest, frozen=True, tag=True):
    """Say what an object of the file can be traced with; answered by `InputsProposed`.

    `trusted`, `name` and `arguments` are as for `CompileScriptable`.
    """

    path: str
    trusted: TrustedContent | None
    name: str
    arguments: str


class RenderScriptable(RunnerRequest, frozen=True, tag=True):
    """Compile an object of the file and print a method of it; answered by `ScriptableRendered`.

    `view` is code, graph or json. `passes` rewrite the graph that is printed, after `inlined`. `trusted` is
    as for `CompileScriptable`, and so are `inputs`.
    """

    path: str
    trusted: TrustedContent | None
    name: str
    arguments: str
    module_path: str
    method: str
    view: str
    passes: list[str]
    inlined: bool = False
    locations: bool = True
    inputs: list[str] | None = None


class CompareScriptable(RunnerRequest, frozen=True, tag=True):
    """Say why a trace of an object of the file differs from it, and from its script; answered by
    `ScriptableDiagnosed`.

    `inputs` are specifications of the arguments that it is traced with, `against` of those that it is
    compared on besides. The object is run many times. `trusted` and `arguments` are as for
    `CompileScriptable`. With `graphs` the graphs of both are compared value by value too.
    """

    path: str
    trusted: TrustedContent | None
    name: str
    arguments: str
    inputs: list[str]
    against: list[list[str]]
    graphs: bool = False


class ScriptOpened(RunnerReply, frozen=True, tag=True):
    """What can be compiled, in the order of the file; and with `problems`, why the file cannot be run.

    `text` is what was executed; `more` objects come after those that are listed.
    """

    scriptables: Annotated[list[ScriptableRow], OfScriptables]
    problems: Annotated[list[ProblemRow], OfProblems]
    text: Whole = ""
    more: Count = 0


class ScriptChanged(RunnerReply, frozen=True, tag=True):
    """Nothing was executed: the file is not what was trusted, but what was `found`."""

    found: TrustedContent


class ScriptableCompiled(RunnerReply, frozen=True, tag=True):
    """The object is compiled and saved in `archive`; or `problems` say why it is not.

    `warnings` are what a trace warned of, at the lines that it warned of.
    """

    name: Words
    archive: Words
    problems: Annotated[list[ProblemRow], OfProblems]
    warnings: Annotated[list[ProblemRow], OfProblems] = msgspec.field(default_factory=list)


class InputsProposed(RunnerReply, frozen=True, tag=True):
    """A row for each argument that a call of the object takes; or `problems` say why there are none."""

    name: Words
    inputs: Annotated[list[InputRow], OfInputs]
    problems: Annotated[list[ProblemRow], OfProblems]


class ScriptableRendered(RunnerReply, frozen=True, tag=True):
    """The text; or `problems` say why there is none. `warnings` are those of `ScriptableCompiled`."""

    text: Whole
    problems: Annotated[list[ProblemRow], OfProblems]
    warnings: Annotated[list[ProblemRow], OfProblems] = msgspec.field(default_factory=list)


class ScriptableDiagnosed(RunnerReply, frozen=True, tag=True):
    """The diagnosis as JSON, the object that `jitviewer compare --json` prints; or `problems` say why not.

    `comparison` are the graphs of script and trace beside each other, if they were asked for; where there are
    none `why_no_graphs` is a sentence. `sources` are the person's files that the diagnosis names.
    """

    answer: Whole
    problems: Annotated[list[ProblemRow], OfProblems]
    comparison: ComparisonRow | None = None
    why_no_graphs: Words = ""
    sources: Annotated[list[SourceFileRow], Few] = msgspec.field(default_factory=list)
