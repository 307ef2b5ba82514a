"""`.code`: functions, methods and bare graphs as TorchScript source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.printing.code_names import as_identifier, name_base
from jitcore.printing.code_printer import CodePrinter
from jitcore.types import NONE, Argument, ClassType, FunctionSchema, TupleType, Type

if TYPE_CHECKING:
    from jitcore.ir import Function, Graph
    from jitcore.printing.listing import Listing


def code_text(function: Function) -> str:
    """What torch gives as `.code` of the function or method."""
    return printed_function(function).text


def print_code(function: Function) -> Listing:
    """`code_text` as a listing whose lines know their nodes."""
    return printed_function(function).listing()


def printed_function(function: Function) -> CodePrinter:
    """The printer that has printed the function or method, with the constants that it refers to."""
    printer = CodePrinter()
    owner = function.owner
    # The hooks of a module take it as an argument like any other.
    if owner is not None and owner.hooks.get(function.name) is not function:
        printer.print_method(function)
    else:
        printer.print_function(function)
    return printer


def code_of_graph(
    graph: Graph,
    name: str = "forward",
    self_type: Type | None = None,
    schema: FunctionSchema | None = None,
) -> Listing:
    """Source for a graph as it is, whatever passes have made of it.

    A first input of `self_type`, or without one any object, is taken for `self` and written without
    its type. `schema` gives names and defaults of the parameters if it still has one for each input.
    Nodes that have no spelling in Python are written as calls of `ops`, fused groups as nested
    functions.
    """
    if schema is None or len(schema.arguments) != len(graph.inputs):
        schema = _schema_of_graph(graph, name)
    printer = CodePrinter()
    first = graph.inputs[0].type if graph.inputs else None
    is_method = isinstance(first, ClassType) and self_type in (None, first)
    printer.print_graph(graph, name, schema, first_argument_typed=not is_method)
    return printer.listing()


def _schema_of_graph(graph: Graph, name: str) -> FunctionSchema:
    arguments = [
        Argument(as_identifier(name_base(value.debug_name or f"input_{index}")), value.type)
        for index, value in enumerate(graph.inputs)
    ]
    results = [value.type for value in graph.outputs]
    result: Type = results[0] if len(results) == 1 else TupleType(tuple(results)) if results else NONE
    return FunctionSchema(name, "", tuple(arguments), (Argument("", result),))
