"""Tells the sizes of what nodes give by their shape functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.shapes.property_propagation import learn_types
from jitcore.passes.shapes.symbolic.node_arguments import arguments_of
from jitcore.passes.shapes.symbolic.shape_evaluation import OpenSizes, evaluate_shapes
from jitcore.passes.shapes.symbolic.shape_graphs import ShapeGraphs
from jitcore.passes.shapes.symbolic.sizes import Dimension, Given, Listed
from jitcore.passes.shapes.symbolic.symbols import Symbols
from jitcore.source import JitError
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.base import PassContext
    from jitcore.passes.shapes.symbolic.sizes import Argument, Sizes
    from jitcore.types import Type

_MOST_ARGUMENTS = 300
"""Of a node, each tensor of a list counted: the graph that joins the sizes of a thousand, of which nothing is
known, takes half a minute to simplify."""


class SymbolicShapes:
    """The sizes of the tensors of a graph, as its nodes are asked for them from first to last.

    `evaluated` are, of the nodes that have been asked, graphs that compute lists of sizes from lists of
    sizes, as far as these were not known; do not edit them. Raises `JitError` where the context brings no
    compiler of shape functions.
    """

    def __init__(self, graph: Graph, context: PassContext) -> None:
        if context.shape_functions is None:
            raise JitError(
                "the functions that tell sizes need a compiler, and the caller of this pass gave none"
            )
        self._note = context.note
        self.symbols = Symbols()
        self.graphs = ShapeGraphs(context.shape_functions)
        self._db = AliasDb(graph)
        self.evaluated: dict[Node, Graph] = {}
        self._told: dict[tuple[object, ...], tuple[Graph, list[OpenSizes | None]]] = {}

    def tell(self, node: Node) -> bool:
        """Note in the types of what a node gives which sizes are known; says whether a type changed."""
        name = self.graphs.name_for(node)
        if name is None:
            return False
        given = arguments_of(node, self.symbols, self._db)
        if len(given) > _MOST_ARGUMENTS:
            self._note(f"sizes of {node.kind} of {len(given):,} tensors are not told")
            return False
        arguments, names = _with_own_symbols(given)
        kinds = [value.type for value in node.inputs]
        key = (name, repr(arguments), tuple(map(_text, kinds)))
        found = self._told.get(key)
        if found is None:
            graph = self.graphs.graph(name).copy()
            found = self._told[key] = graph, evaluate_shapes(graph, arguments, kinds)
        self.evaluated[node], told = found
        return self.note(node, [self._closed(sizes, names) for sizes in told])

    def note(self, node: Node, all_sizes: list[Sizes | None]) -> bool:
        """Give the results of a node these sizes; says whether a type changed."""
        others: list[tuple[Value, Type]] = []
        for value, sizes in zip(node.outputs, all_sizes, strict=True):
            kind = value.type
            if not isinstance(kind, TensorType):
                continue
            known = None if sizes is None else tuple(size if size >= 0 else None for size in sizes)
            if known != kind.sizes:
                others.append((value, _with_sizes(kind, known)))
        if others:
            learn_types(node, others)
        for value, sizes in zip(node.outputs, all_sizes, strict=True):
            self.symbols.set_sizes(value, sizes)
        return bool(others)

    def merge(self, one: Value, other: Value, result: Value) -> None:
        """Say that a value is one or the other of two: only sizes that are known of both are known."""
        first, second = self.symbols.sizes_of(one), self.symbols.sizes_of(other)
        if first == second:
            self.symbols.set_sizes(result, first)
        elif first is None or second is None or len(first) != len(second):
            self.symbols.set_sizes(result, None)
        else:
            pairs = zip(first, second, strict=True)
            merged = tuple(a if a == b and a >= 0 else self.symbols.new() for a, b in pairs)
            self.symbols.set_sizes(result, merged)

    def _closed(self, sizes: OpenSizes | None, names: list[int]) -> Sizes | None:
        """Sizes in the symbols of the graph, with new ones for what is not known."""
        if sizes is None:
            return None
        return tuple(
            self.symbols.new() if size is None else names[-1 - size] if -len(names) <= size < 0 else size
            for size in sizes
        )


def _text(kind: Type) -> str:
    # Only whether it is an option, or which number, makes a difference; shapes are in the arguments.
    return str(kind)


def _with_own_symbols(arguments: list[Argument]) -> tuple[list[Argument], list[int]]:
    """Arguments with symbols counted from -1 on, so that equal ones look alike, and what these stand for."""
    names: dict[int, int] = {}
    renamed: list[Argument] = []
    for argument in arguments:
        if isinstance(argument, Given) or argument.dimensions is None:
            renamed.append(argument)
            continue
        dimensions: list[Dimension] = []
        for dimension in argument.dimensions:
            symbol = dimension.symbol
            if symbol is not None:
                dimension = Dimension(symbol=names.setdefault(symbol, -1 - len(names)))
            dimensions.append(dimension)
        renamed.append(Listed(tuple(dimensions)))
    return renamed, list(names)


def _with_sizes(kind: TensorType, sizes: tuple[int | None, ...] | None) -> TensorType:
    return TensorType(kind.dtype, sizes, kind.strides, kind.requires_grad, kind.device, kind.undefined)
