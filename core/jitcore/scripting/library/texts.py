"""Graphs, schemas and code of compiled functions, as callers look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ops.schema_text import schema_text
from jitcore.passes.inline import inlined_graph
from jitcore.printing import graph_text
from jitcore.printing.function_code import printed_function
from jitcore.types import FunctionSchema

if TYPE_CHECKING:
    from jitcore.ir import Function, Graph


class ScriptGraph:
    """A graph that prints as TorchScript prints it; everything else is asked of `graph` itself."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def str(self, locations: bool = True) -> str:
        """The graph's text, with the places in the program that its nodes come from or without."""
        return graph_text(self.graph, locations)

    def copy(self) -> ScriptGraph:
        """A copy that may be rewritten."""
        return ScriptGraph(self.graph.copy())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.graph, name)

    def __repr__(self) -> str:
        return graph_text(self.graph)

    __str__ = __repr__


class ScriptSchema(FunctionSchema):
    """A schema that prints as TorchScript prints it."""

    __slots__ = ()

    def __init__(self, schema: FunctionSchema) -> None:
        super().__init__(schema.name, schema.overload, schema.arguments, schema.returns)

    def __repr__(self) -> str:
        return schema_text(self)

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
        return ScriptSchema(self._function.schema)

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

    def graph_for(self, *args: Any, **kwargs: Any) -> ScriptGraph:
        """Call the function, and give the graph that was run."""
        self(*args, **kwargs)
        return self.inlined_graph

    @property
    def code(self) -> str:
        """The graph as Python code."""
        return printed_function(self._function).text

    def code_and_constants(self) -> tuple[str, dict[str, Any]]:
        """The code, and the constants that it refers to by their names in it."""
        printer = printed_function(self._function)
        return printer.text, {f"c{i}": value for i, value in enumerate(printer.constants.values)}
