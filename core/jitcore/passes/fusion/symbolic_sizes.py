"""Gives symbols to the sizes of a group's tensors: equal sizes get the same one, single ones stay one.

As TryGeneralizeInputDimensionsToSymbolicShapes, and what the symbolic shape analysis of libtorch makes of the
operators that are fused (torch/csrc/jit/passes/symbolic_shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from jitcore.ops.fusible_operators import REDUCTIONS, deciding_tensors, is_broadcast
from jitcore.ops.lookup import operator_key
from jitcore.passes.constants import constant_bool, constant_int, constant_of
from jitcore.passes.shapes.tensor_types import known_shape
from jitcore.types import TensorType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Graph, Node, Value

Sizes = tuple[int, ...]
"""A number for each dimension: its size, or below zero its symbol."""

FIRST_SYMBOL: Final = -2
"""The first symbol that libtorch gives."""


class SizeOf(NamedTuple):
    """A symbol is the size of an input of the group in a dimension."""

    symbol: int
    input: Value
    dimension: int


class SizeRead(NamedTuple):
    """The size of an input of the group in a dimension, which a shape function reads."""

    input: Value
    dimension: int


Part = int | SizeRead
"""Where a size comes from: a known one from nowhere, an input, or below zero a sum that has this symbol."""


class SumOf(NamedTuple):
    """A symbol is the sum of sizes, in order, of tensors of a rank."""

    symbol: int
    parts: tuple[Part, ...]
    rank: int


class SymbolicSizes:
    """The sizes of all tensors of a group's graph in symbols.

    `of` holds them, `facts` what symbols are, in the order in which the group's operators need them.
    `is_known` is False where a tensor has sizes that no rule here tells. `first` is the first symbol that is
    free.
    """

    def __init__(self, graph: Graph, first: int = FIRST_SYMBOL) -> None:
        self.of: dict[Value, Sizes] = {}
        self.facts: list[SizeOf | SumOf] = []
        self.next = first
        self._of_size: dict[int, int] = {}
        self._computed: set[int] = set()
        # Where a shape function that reads the sizes of a value finds them.
        self._parts: dict[Value, tuple[Part, ...]] = {}
        self._inputs = {value: None for value in graph.inputs if isinstance(value.type, TensorType)}
        self.is_known = all(self._generalize(value) for value in self._inputs) and all(
            self._infer(node) for node in graph.nodes()
        )

    def _generalize(self, value: Value) -> bool:
        kind = value.type
        known = known_shape(kind) if isinstance(kind, TensorType) else None
        if known is None:
            return False
        sizes = self.of[value] = tuple(1 if size == 1 else self._symbol_of(size) for size in known[0])
        self._parts[value] = tuple(
            size if size == 1 else SizeRead(value, place) for place, size in enumerate(sizes)
        )
        return True

    def _symbol_of(self, size: int) -> int:
        found = self._of_size.get(size)
        if found is None:
            found = self._of_size[size] = self._new()
        return found

    def _new(self) -> int:
        symbol = self.next
        self.next -= 1
        return symbol

    def _infer(self, node: Node) -> bool:
        """Note the sizes of what a node gives; False where no rule tells."""
        if node.is_constant or node.kind == "prim::ListConstruct":
            return True
        if node.kind == "aten::cat":
            return self._concatenate(node)
        tensors = [value for value in node.inputs if isinstance(value.type, TensorType)]
        if not tensors or any(value not in self.of for value in tensors):
            return False
        tensors = deciding_tensors(node, tensors)
        self._need(tensors)
        if not self._infer_of_tensors(node, tensors):
            return False
        self._note_parts(node.output, self._read_together(tensors))
        return True

    def _infer_of_tensors(self, node: Node, tensors: list[Value]) -> bool:
        if node.kind == "aten::unsqueeze":
            sizes = list(self.of[tensors[0]])
            place = constant_int(node.inputs[1])
            if place is None:
                return False
            sizes.insert(place + len(sizes) + 1 if place < 0 else place, 1)
            self.of[node.output] = tuple(sizes)
            return True
        if operator_key(node) in REDUCTIONS:
            return self._reduce(node)
        if not is_broadcast(node):
            return False
        self.of[node.output] = self._broadcast([self.of[value] for value in tensors])
        return True

    def _reduce(self, node: Node) -> bool:
        sizes = self.of[node.inputs[0]]
        if not node.kind.endswith("::sum"):
            self.of[node.output] = sizes
            return True
        if operator_key(node) == "aten::sum":
            self.of[node.output] = ()
            return True
        dims, keeps = constant_of(node.inputs[1]), constant_bool(node.inputs[2])
        if keeps is None or not isinstance(dims, list):
            return False
        # No dimension stands for all of them.
        summed = {cast("int", dim) % len(sizes) for dim in cast("list[object]", dims)} or {*range(len(sizes))}
        kept = (1 if place in summed else size for place, size in enumerate(sizes))
        self.of[node.output] = (
            tuple(kept) if keeps else tuple(size for place, size in enumerate(sizes) if place not in summed)
        )
        return True

    def _broadcast(self, all_sizes: list[Sizes]) -> Sizes:
        rank = max(map(len, all_sizes))
        padded = [(1,) * (rank - len(sizes)) + sizes for sizes in all_sizes]
        return tuple(next((size for size in column if size != 1), 1) for column in zip(*padded, strict=True))

    def _concatenate(self, node: Node) -> bool:
        items = node.inputs[0].node.inputs
        place = constant_int(node.inputs[1])
        if place is None or any(value not in self.of for value in items):
            return False
        all_sizes = [self.of[value] for value in items]
        if any(len(sizes) != len(all_sizes[0]) for sizes in all_sizes):
            return False
        self._need(items)
        place %= len(all_sizes[0])
        parts = tuple(sizes[place] for sizes in all_sizes)
        read = self._read_of_concatenated(items, place)
        if all(part >= 0 for part in parts):
            total = sum(parts)
        else:
            total = self._new()
            self.facts.append(
                SumOf(total, tuple(part if part >= 0 else read[part] for part in parts), len(all_sizes[0]))
            )
            self._computed.add(total)
            read[total] = total
        first = all_sizes[0]
        self.of[node.output] = (*first[:place], total, *first[place + 1 :])
        self._note_parts(node.output, read)
        return True

    def _read_together(self, values: list[Value]) -> dict[int, Part]:
        """Where each symbol is read first by a shape function that takes dimension by dimension."""
        read: dict[int, Part] = {}
        rank = max(len(self.of[value]) for value in values)
        for place in range(-rank, 0):
            for value in values:
                if len(self.of[value]) >= -place:
                    self._read(value, place, read)
        return read

    def _read_of_concatenated(self, items: list[Value], place: int) -> dict[int, Part]:
        """Where each symbol is read first by the shape function of `cat`.

        It compares all sizes but the one that grows with those of the last item.
        """
        read: dict[int, Part] = {}
        for value in items:
            for dimension in range(len(self.of[value])):
                if dimension != place:
                    self._read(items[-1], dimension, read)
                    self._read(value, dimension, read)
            self._read(value, place, read)
        return read

    def _read(self, value: Value, dimension: int, read: dict[int, Part]) -> None:
        size = self.of[value][dimension]
        if size < 0:
            # Equal symbols are read once in the graph of one operator.
            read.setdefault(size, self._parts[value][dimension])

    def _note_parts(self, value: Value, read: dict[int, Part]) -> None:
        self._parts[value] = tuple(size if size >= 0 else read[size] for size in self.of[value])

    def _need(self, values: list[Value]) -> None:
        """Say of what the sizes of inputs are, where nobody has yet."""
        for fact in self._facts_of(values):
            self.facts.append(fact)
            self._computed.add(fact.symbol)

    def _facts_of(self, values: list[Value]) -> Iterator[SizeOf]:
        for value in values:
            if value in self._inputs:
                for dimension, size in enumerate(self.of[value]):
                    if size < 0 and size not in self._computed:
                        yield SizeOf(size, value, dimension)
