"""The numbers of an archive's warnings, which count in the order in which TorchScript compiles.

TorchScript compiles a class with all its methods, `__init__` first, and a function, the first time that
a name leads to it; a method also when one that comes before it calls it. Bodies are compiled here when
somebody looks at them, so the order is found out afterwards, and only for an archive that warns at all:
by what each class, method and function refers to.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

from jitcore.ir import Function, Graph, Node
from jitcore.types import ClassType

Definition = ClassType | Function


class WarningNumbers:
    """What refers to what, and from that the numbers.

    Whoever compiles says so with `of`, and tells what names have led to with `refer`.
    """

    def __init__(self) -> None:
        self._references: dict[Definition, list[Definition]] = {}
        self._top: list[Definition] = []
        self._stack: list[list[Definition]] = [self._top]
        self._hooks: dict[ClassType, list[Function]] = {}
        self._unnumbered: dict[Function, Graph] = {}
        self._ordered: set[Definition] = set()
        self._next = 0
        self._is_numbering = False

    @contextmanager
    def of(self, definition: Definition) -> Generator[None]:
        """Context in which `definition` is compiled: what names lead to is what it refers to."""
        self._stack.append(self._references.setdefault(definition, []))
        try:
            yield
        finally:
            self._stack.pop()

    def refer(self, definition: Definition) -> None:
        """A name has led to a class or function, or a method is called."""
        self._stack[-1].append(definition)

    def add_hook(self, owner: ClassType, hook: Function) -> None:
        """A hook is compiled after the methods of its class."""
        self._hooks.setdefault(owner, []).append(hook)

    def finish(self, function: Function, graph: Graph) -> None:
        """Number the warnings of a graph that was just made, if it has any."""
        if any(node.kind == "aten::warn" for node in nodes_in_order(graph)):
            self._unnumbered[function] = graph
            if not self._is_numbering:
                self._number()

    def _number(self) -> None:
        self._is_numbering = True
        try:
            for definition in self._top:
                self._visit(definition)
            # What nothing leads to comes last.
            for function in list(self._unnumbered):
                self._visit(function)
        finally:
            self._is_numbering = False

    def _visit(self, definition: Definition) -> None:
        """Number a definition after what it refers to; without recursion, since code can be deep."""
        stack = [self._steps(definition)]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
            else:
                stack.append(self._steps(following))

    def _steps(self, definition: Definition) -> Iterator[Definition]:
        if definition in self._ordered:
            return
        self._ordered.add(definition)
        if isinstance(definition, Function):
            if definition not in self._unnumbered and not definition.is_compiling:
                definition.graph  # noqa: B018  # compiled to see what it refers to
            yield from self._references.get(definition, ())
            graph = self._unnumbered.pop(definition, None)
            if graph is not None:
                self._assign(graph)
            return
        yield from self._references.get(definition, ())
        methods = [method for method in definition.methods.values() if isinstance(method, Function)]
        yield from sorted(methods, key=lambda method: method.name != "__init__")
        yield from self._hooks.get(definition, ())

    def _assign(self, graph: Graph) -> None:
        for node in nodes_in_order(graph):
            if node.kind == "aten::warn":
                node.attributes["warn_id"] = self._next
                self._next += 1


def nodes_in_order(graph: Graph) -> Iterator[Node]:
    """The nodes of a graph in the order in which warnings count: subgraphs of forks first."""
    for node in graph.all_nodes():
        subgraph = node.attributes.get("Subgraph")
        if isinstance(subgraph, Graph):
            yield from nodes_in_order(subgraph)
    yield from graph.all_nodes()
