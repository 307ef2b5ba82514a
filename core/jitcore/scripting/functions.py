"""Python functions, compiled."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from jitcore.exec.ivalue_types import tensor_type
from jitcore.frontend.call_notes import add_note, label
from jitcore.frontend.definitions import lower_function
from jitcore.frontend.warning_numbers import nodes_in_order
from jitcore.ir import Function
from jitcore.scripting import markers
from jitcore.scripting.given_types import annotate_parameters
from jitcore.scripting.names import ClosureNames, Names, NamesBefore
from jitcore.scripting.python_annotations import PythonAnnotations
from jitcore.scripting.resolver import PythonResolver
from jitcore.scripting.signatures import Declaration, defaults_of
from jitcore.scripting.sources import ParsedFunction, parse_function
from jitcore.scripting.syntax import Syntax
from jitcore.scripting.text_positions import TextPositions
from jitcore.scripting.text_syntax import TextSyntax
from jitcore.slots.qualified_names import qualified_name
from jitcore.source import JitError, SourceError
from jitcore.types import ClassType, FunctionSchema

if TYPE_CHECKING:
    from jitcore.ir import Graph
    from jitcore.scripting.compiled_program import CompiledProgram
    from jitcore.scripting.compiler import ScriptCompiler

_NO_SCHEMA = FunctionSchema("", "", (), ())
_UNUSED_BODY = 'def unused_fn(self: Any):\n\traise RuntimeError("Cannot call @unused methods")'


def compile_in(
    compiler: ScriptCompiler, function: Callable[..., Any], names: Names | None = None
) -> Function:
    """Compile a function that was not compiled yet."""
    name = qualified_name(function)
    if hasattr(function, "__script_if_tracing_wrapper"):
        function = getattr(function, "__original_fn")
    parsed = parse_function(function)
    annotate_parameters(parsed.node, function, compiler.program)
    definition = FunctionDefinition(parsed, function)
    resolver = PythonResolver(compiler, names or ClosureNames(function))
    made = definition.declare(compiler, name, resolver)
    made.graph  # noqa: B018  # what a name leads to is compiled at once
    return made


class FunctionDefinition:
    """A Python function or method on its way to a `Function`.

    `name` is what the definition is called, if not as the function is.
    """

    __slots__ = ("_blocks", "function", "name", "parsed")

    def __init__(
        self, parsed: ParsedFunction, function: Callable[..., Any] | None, name: str | None = None
    ) -> None:
        self.parsed = parsed
        self.function = function
        self.name = name or parsed.node.name
        node = parsed.node
        is_dropped = function is not None and markers.is_dropped(function)
        if is_dropped:
            last_line = len(parsed.positions.source.line_starts)
            _drop_body(node, markers.modifier_of(function) == "_drop", last_line)
        outer: Mapping[str, Any] = getattr(inspect.unwrap(function), "__globals__", {}) if function else {}
        is_text = isinstance(parsed.positions, TextPositions)
        syntax = (TextSyntax if is_text else Syntax)(parsed.positions, outer)
        syntax.definition(node)
        self._blocks = syntax.blocks

    def declare(
        self,
        compiler: ScriptCompiler,
        name: str,
        resolver: PythonResolver,
        owner: ClassType | None = None,
        defaults: Mapping[str, Any] | None = None,
        declaration: Declaration | None = None,
        functions: dict[str, Function] | None = None,
    ) -> Function:
        """The function with its schema, whose body is compiled when its graph is asked for.

        `declaration` declares the parameters instead of the definition itself. `functions` take the function
        by its name as it is, those of the program by a name that is mangled if need be.
        """
        parsed, program = self.parsed, compiler.program
        node, positions = parsed.node, parsed.positions
        if self._blocks:
            resolver.names = NamesBefore(self._blocks, resolver.names)
        annotations = PythonAnnotations(resolver, positions)
        if owner is None and functions is None:
            name = program.function_name(name)
        known = program.functions if functions is None else functions
        if defaults is None:
            defaults = {} if self.function is None else defaults_of(self.function)
        declared = declaration or Declaration(node, positions, parsed.text)
        if declaration is None:
            declared.take_places_of_comment(is_method=owner is not None)

        def build(function: Function) -> Graph:
            graph = lower_function(function, node, resolver, positions, annotations=annotations)
            finish(program, graph)
            schema = declared.with_defaults(function.schema, resolver, defaults)
            program.give_defaults(function, schema)
            return graph

        made = Function(name, _NO_SCHEMA, build, owner, positions.of(node), is_eager=True)
        if owner is None:
            known[name] = made
            resolver.function = made
        try:
            made.schema = declared.schema(self.name, resolver, annotations, owner)
        except JitError as error:
            known.pop(name, None)
            if isinstance(error, SourceError) and error.callee:
                add_note(error, error.callee, label(made), positions.of(node))
                error.callee = ""
            raise
        return made


def finish(program: CompiledProgram, graph: Graph) -> None:
    """Number the warnings of a graph that was just made, and say what its constant tensors are like."""
    for node in nodes_in_order(graph):
        if node.kind == "aten::warn":
            node.attributes["warn_id"] = program.next_warning()
        elif node.kind == "prim::Constant":
            value = node.attributes.get("value")
            if isinstance(value, torch.Tensor):
                node.output.set_type(tensor_type(value))


def _drop_body(node: ast.FunctionDef, also_result: bool, last_line: int) -> None:
    """The body of a function that compiled code may not call."""
    unused = ast.parse(_UNUSED_BODY).body[0]
    assert isinstance(unused, ast.FunctionDef)
    if last_line < 2:
        # TorchScript takes the places in its own text for places in the function's.
        for made in ast.walk(unused):
            if hasattr(made, "lineno"):
                made.lineno = 1  # type: ignore[attr-defined]
    node.body = unused.body
    node.args.kwarg = node.args.vararg = None
    for parameter in (*node.args.args, *node.args.kwonlyargs):
        parameter.annotation = unused.args.args[0].annotation
    if also_result:
        node.returns = None
