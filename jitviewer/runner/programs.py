"""Loads the program that a request names, exactly as the engine does, so that node ids agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.requests.method_request import MethodRequest
from jitcore.requests.program import Program
from jitcore.requests.resolving import resolve
from jitviewer.runner.forward_hooks import ForwardHooks

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile
    from jitcore.ir import Function, Graph, ScriptObject
    from jitcore.passes import Evaluator
    from jitviewer.protocol.runner_messages import RunRequest


class LoadedProgram:
    """A graph to run.

    `name` is what tracebacks call it, `schema` tells its arguments (with the object of a method
    first), `receiver` is that object as the archive holds it, `file` the archive to map tensors
    from; both None for the text of a graph. `function` is what was compiled. `hooks` are what calling the
    module runs around it.
    """

    __slots__ = ("file", "function", "graph", "hooks", "name", "receiver", "schema")

    def __init__(
        self,
        function: Function,
        graph: Graph,
        receiver: ScriptObject | None,
        file: str | OpenedFile | None,
    ) -> None:
        self.function = function
        self.name = function.qualified_name
        self.schema = function.schema
        self.graph = graph
        self.receiver = receiver
        self.file = file
        self.hooks: ForwardHooks | None = None


def load_program(
    request: RunRequest, file: str | OpenedFile, evaluate: Evaluator, notes: list[str]
) -> LoadedProgram:
    """The program in `file` after the passes of the request; notes of the passes are added to `notes`."""
    opened = Program.open_compiled(file, request.path) if request.compiled else Program.open(file)
    opened.refuse_class()
    wanted = MethodRequest(request.module_path, request.method, request.passes)
    found = resolve(opened, wanted, evaluate)
    notes.extend(found.notes)
    function, receiver = found.method
    values = None if opened.is_ir_text else file
    program = LoadedProgram(function, found.graph, receiver, values)
    if receiver is not None and receiver.type.is_module and function.name == "forward":
        program.hooks = ForwardHooks(receiver.type)
    return program
