"""Functions and methods: a schema, and a graph that is built the first time somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.ir.garbage import collection_paused
from jitcore.ir.graph import Graph

if TYPE_CHECKING:
    from jitcore.source import SourceRange
    from jitcore.types import ClassType, FunctionSchema


class Siblings:
    """The methods of one program: `bodies` by their text, and pairs known to be `unequal` all the same."""

    __slots__ = ("bodies", "unequal")

    def __init__(self) -> None:
        self.bodies: dict[str, list[Function]] = {}
        self.unequal: set[tuple[Function, Function]] = set()


class Function:
    """A compiled function, or with `owner` a method of that class.

    `qualified_name` is `__torch__.m.Net.forward`; `schema` is known before the body is compiled;
    `builder` makes the graph on first use and may raise `SourceError`.
    `source_range` is the definition. `optimized` is the body as callers inline it, once inlining made it.
    `siblings` are the methods that it may share that body with; inlining fills it. `is_eager` makes the
    frontend compile it where it is called first, and refuse recursion, as TorchScript does with Python.
    """

    __slots__ = (
        "_builder", "_graph", "is_eager", "optimized", "owner", "qualified_name", "schema", "siblings",
        "source_range",
    )  # fmt: skip

    def __init__(
        self,
        qualified_name: str,
        schema: FunctionSchema,
        builder: Callable[[Function], Graph] | Graph,
        owner: ClassType | None = None,
        source_range: SourceRange | None = None,
        siblings: Siblings | None = None,
        is_eager: bool = False,
    ) -> None:
        self.qualified_name = qualified_name
        self.schema = schema
        self.owner = owner
        self.source_range = source_range
        self.siblings = siblings
        self.is_eager = is_eager
        self.optimized: Graph | None = None
        self._graph: Graph | None = None
        self._builder: Callable[[Function], Graph] | None = None
        if isinstance(builder, Graph):
            self._graph = builder
        else:
            self._builder = builder

    @property
    def name(self) -> str:
        """Unqualified name."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def is_compiling(self) -> bool:
        """Whether the body is being compiled right now."""
        return self._graph is None and self._builder is None

    def take_graph(self, graph: Graph) -> None:
        """Have this graph, whatever would have been built."""
        self._graph, self._builder = graph, None
        self.optimized = None

    @property
    def graph(self) -> Graph:
        """The graph, compiled now if it was not yet. Do not edit it: copy it."""
        if self._graph is None:
            builder = self._builder
            if builder is None:
                raise RecursionError(f"{self.qualified_name} calls itself while it is being compiled")
            self._builder = None
            try:
                with collection_paused():
                    self._graph = builder(self)
            except BaseException:
                self._builder = builder
                raise
        return self._graph
