"""Graphs, schemas and code of compiled functions, as callers look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ops.schema_text import schema_text
from jitcore.passes.inline import inlined_graph
from jitcore.printing import graph_text
from jitcore.printing.function_code import printed_function
from jitcore.printing.graph_text import text_with_nested_locations
from jitcore.scripting.library.script_argument import ScriptArgument

if TYPE_CHECKING:
    from jitcore.ir import Function, Graph
    from jitcore.scripting.library.machine import Machine
    from jitcore.types import FunctionSchema


class ScriptGraph:
    """A graph that prints as TorchScript prints it; everything else is asked of `graph` itself."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def str(self, locations: bool = True) -> str:
        """The graph's text; without `locations` only what stands in blocks has its place in the program."""
        return graph_text(self.graph) if locations else text_with_nested_locations(self.graph)

    def copy(self) -> ScriptGraph:
        """A copy that may be rewritten."""
        return ScriptGraph(self.graph.copy())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.graph, name)

    def __repr__(self) -> str:
        return graph_text(self.graph)

    __str__ = __repr__


class ScriptSchema:
    """A schema that prints as TorchScript prints it.

    Attributes: `name`, `overload_name`, `arguments`, `returns`.
    """

    def __init__(self, schema: FunctionSchema, machine: Machine) -> None:
        self._schema = schema
        self.name = schema.name
        self.overload_name = schema.overload
        self.arguments = [ScriptArgument(argument, machine) for argument in schema.arguments]
        self.returns = [ScriptArgument(returned, machine) for returned in schema.returns]

    def __repr__(self) -> str:
        return schema_text(self._schema)

    __str__ = __repr__


class ConstMap:
    """The constants that code refers to: `m.c0` is `CONSTANTS.c0`."""

    def __init__(self, const_mapping: dict[str, Any]) -> None:
        self.const_mapping = const_mapping

    def __getattr__(self, name: str) -> Any:
        return self.const_mapping[name]


class FunctionTexts:
    """What functions and methods say of the function that they stand for."""

    _function: Function
    _machine: Machine

    @property
    def name(self) -> str:
        """Unqualified name."""
        return self._function.name

    @property
    def qualified_name(self) -> str:
        """Name with the module, as `__torch__.m.f`."""
        return self._function.qualified_name

    @property
    def schema(self) -> ScriptSchema:
        """Arguments and returns."""
        return ScriptSchema(self._function.schema, self._machine)

    @property
    def graph(self) -> ScriptGraph:
        """The graph as it was compiled."""
        return ScriptGraph(self._function.graph)

    @property
    def inlined_graph(self) -> ScriptGraph:
        """The graph with all calls inlined."""
        return ScriptGraph(inlined_graph(self._function))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The result for arguments of Python."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        """The graph as Python code."""
        return printed_function(self._function).text

    def code_and_constants(self) -> tuple[str, dict[str, Any]]:
        """The code, and the constants that it refers to by their names in it."""
        printer = printed_function(self._function)
        return printer.text, {f"c{i}": value for i, value in enumerate(printer.constants.values)}
