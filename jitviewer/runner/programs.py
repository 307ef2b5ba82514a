"""Loads the program that a request names, exactly as the engine does, so that node ids agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive import load, open_compiled
from jitcore.archive.opened_file import place_of
from jitcore.exec.errors import ExecutionError
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import parse_graph
from jitcore.types import Argument, ClassType, FunctionSchema
from jitviewer.plain_files import MOST_TEXT, read_plain_text, reason_of

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile
    from jitcore.ir import Function, Graph, ScriptObject
    from jitcore.passes import Evaluator
    from jitviewer.protocol.runner_messages import RunRequest


class LoadedProgram:
    """A graph to run.

    `name` is what tracebacks call it, `schema` tells its arguments (with the object of a method
    first), `receiver` is that object as the archive holds it, `file` the archive to map tensors
    from; both None for the text of a graph.
    """

    __slots__ = ("file", "graph", "name", "receiver", "schema")

    def __init__(
        self,
        name: str,
        schema: FunctionSchema,
        graph: Graph,
        receiver: ScriptObject | None,
        file: str | OpenedFile | None,
    ) -> None:
        self.name = name
        self.schema = schema
        self.graph = graph
        self.receiver = receiver
        self.file = file


def load_program(
    request: RunRequest, file: str | OpenedFile, evaluate: Evaluator, notes: list[str]
) -> LoadedProgram:
    """The program in `file` after the passes of the request; notes of the passes are added to `notes`."""
    program = _load_text(file) if request.path.endswith(".ir") else _load_method(request, file)
    if request.passes:
        context = PassContext(evaluate)
        program.graph = program.graph.copy()
        try:
            run_pipeline(program.graph, request.passes, context)
        except KeyError as error:
            raise ExecutionError(f"there is no pass {error.args[0]}") from error
        notes.extend(context.notes)
    return program


def _load_method(request: RunRequest, file: str | OpenedFile) -> LoadedProgram:
    root, function = _open(request, file)
    if isinstance(function, ClassType):
        raise ExecutionError(
            f"{function.name} is a class, whose methods need an object of it: run a function or a module "
            "that makes one"
        )
    if function is not None:
        return LoadedProgram(function.qualified_name, function.schema, function.graph, None, file)
    try:
        module = root.find(request.module_path)
    except KeyError as error:
        missing = error.args[0]
        raise ExecutionError(
            f"{request.path} has no module {request.module_path}: {missing} is missing"
        ) from error
    if request.method not in module.type.methods:
        known = ", ".join(module.type.methods) or "no methods"
        raise ExecutionError(f"{module.type.qualified_name} has no method {request.method}; it has {known}")
    function = module.method(request.method)
    return LoadedProgram(function.qualified_name, function.schema, function.graph, module, file)


def _open(request: RunRequest, file: str | OpenedFile) -> tuple[ScriptObject, Function | ClassType | None]:
    """The module of the archive, and the function or class that it was made for if it was made for one."""
    if not request.compiled:
        return load(file), None
    loaded, function = open_compiled(file)
    return loaded.root, function


def _load_text(file: str | OpenedFile) -> LoadedProgram:
    try:
        text = read_plain_text(place_of(file), MOST_TEXT)
    except OSError as error:
        raise ExecutionError(f"{file} cannot be read: {reason_of(error)}") from error
    graph = parse_graph(text)
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    returns = tuple(Argument("", value.type) for value in graph.outputs)
    return LoadedProgram("graph", FunctionSchema("graph", "", arguments, returns), graph, None, None)
