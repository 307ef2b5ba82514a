"""Loads the program that a request names, exactly as the engine does, so that node ids agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive import LoadedArchive, open_archive, open_compiled
from jitcore.archive.opened_file import place_of
from jitcore.exec.errors import ExecutionError
from jitcore.ir import Function
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import parse_graph
from jitcore.types import Argument, ClassType, FunctionSchema
from jitviewer.plain_files import MOST_TEXT, read_plain_text, reason_of
from jitviewer.runner.forward_hooks import ForwardHooks

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile
    from jitcore.ir import Graph, ScriptObject
    from jitcore.passes import Evaluator
    from jitviewer.protocol.runner_messages import RunRequest


class LoadedProgram:
    """A graph to run.

    `name` is what tracebacks call it, `schema` tells its arguments (with the object of a method
    first), `receiver` is that object as the archive holds it, `file` the archive to map tensors
    from; both None for the text of a graph. `hooks` are what calling the module runs around it.
    """

    __slots__ = ("file", "graph", "hooks", "name", "receiver", "schema")

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
        self.hooks: ForwardHooks | None = None


def load_program(
    request: RunRequest, file: str | OpenedFile, evaluate: Evaluator, notes: list[str]
) -> LoadedProgram:
    """The program in `file` after the passes of the request; notes of the passes are added to `notes`."""
    program = _load_text(file) if request.path.endswith(".ir") else _load_method(request, file)
    if request.passes:
        context = PassContext(evaluate, program.receiver)
        program.graph = program.graph.copy()
        try:
            run_pipeline(program.graph, request.passes, context)
        except KeyError as error:
            raise ExecutionError(f"there is no pass {error.args[0]}") from error
        notes.extend(context.notes)
    return program


def _load_method(request: RunRequest, file: str | OpenedFile) -> LoadedProgram:
    loaded, function = _open(request, file)
    if isinstance(function, ClassType):
        raise ExecutionError(
            f"{function.name} is a class, whose methods need an object of it: run a function or a module "
            "that makes one"
        )
    if function is None and not request.module_path and "." in request.method:
        function = loaded.code.function(request.method)
    if function is not None:
        return LoadedProgram(function.qualified_name, function.schema, function.graph, None, file)
    try:
        module = loaded.root.find(request.module_path)
    except KeyError as error:
        missing = error.args[0]
        raise ExecutionError(
            f"{request.path} has no module {request.module_path}: {missing} is missing"
        ) from error
    functions = module.type.functions()
    found = functions.get(request.method)
    if not isinstance(found, Function):
        known = ", ".join(functions) or "no methods"
        raise ExecutionError(f"{module.type.qualified_name} has no method {request.method}; it has {known}")
    program = LoadedProgram(found.qualified_name, found.schema, found.graph, module, file)
    if request.method == "forward":
        program.hooks = ForwardHooks(module.type)
    return program


def _open(request: RunRequest, file: str | OpenedFile) -> tuple[LoadedArchive, Function | ClassType | None]:
    """The archive, and the function or class that it was made for if it was made for one."""
    return open_compiled(file) if request.compiled else (open_archive(file), None)


def _load_text(file: str | OpenedFile) -> LoadedProgram:
    try:
        text = read_plain_text(place_of(file), MOST_TEXT)
    except OSError as error:
        raise ExecutionError(f"{file} cannot be read: {reason_of(error)}") from error
    graph = parse_graph(text)
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    returns = tuple(Argument("", value.type) for value in graph.outputs)
    return LoadedProgram("graph", FunctionSchema("graph", "", arguments, returns), graph, None, None)
