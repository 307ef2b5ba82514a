"""A block: parameters, a linked list of nodes, and results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from jitcore.ir.node import Node
from jitcore.types import TENSOR, Type

if TYPE_CHECKING:
    from jitcore.ir.graph import Graph
    from jitcore.ir.value import Value

# Room between neighbours after places were spread.
_LEAST_GAP = 1 << 6


class Block:
    """Nodes in order, between a `prim::Param` node (its outputs are the block's inputs) and a
    `prim::Return` node (its inputs are the block's outputs).

    `owner` is the node that the block belongs to, None for the block of the graph itself.
    """

    __slots__ = ("graph", "owner", "param_node", "return_node")

    def __init__(self, graph: Graph, owner: Node | None) -> None:
        self.graph = graph
        self.owner = owner
        self.param_node = Node(graph, "prim::Param")
        self.return_node = Node(graph, "prim::Return")
        self.param_node.block = self
        self.return_node.block = self
        self.param_node.next = self.return_node
        self.return_node.prev = self.param_node
        self.param_node.place_at(0)
        self.return_node.place_at(1 << 60)

    @property
    def inputs(self) -> list[Value]:
        """Parameters of the block; do not change the list."""
        return self.param_node.outputs

    @property
    def outputs(self) -> list[Value]:
        """Results of the block; do not change the list."""
        return self.return_node.inputs

    def nodes(self) -> Iterator[Node]:
        """The nodes in order. The current one may be removed, others inserted around it."""
        node = self.param_node.next
        end = self.return_node
        while node is not end and node is not None:
            following = node.next
            yield node
            # Looked up again when the node is still here: a pass may have inserted after it.
            node = node.next if node.block is self and node.next is not None else following

    def nodes_reversed(self) -> Iterator[Node]:
        """The nodes from the last to the first, with the same freedom to edit."""
        node = self.return_node.prev
        start = self.param_node
        while node is not start and node is not None:
            preceding = node.prev
            yield node
            node = node.prev if node.block is self and node.prev is not None else preceding

    def all_nodes(self) -> list[Node]:
        """The nodes of this block and of all blocks inside, each before its own blocks' nodes."""
        found: list[Node] = []
        self._collect(found)
        return found

    def _collect(self, found: list[Node]) -> None:
        node = self.param_node.next
        end = self.return_node
        while node is not end and node is not None:
            found.append(node)
            for block in node.blocks:
                block._collect(found)
            node = node.next

    def nodes_inside_out(self) -> list[Node]:
        """The same nodes, each after its own blocks' nodes."""
        found: list[Node] = []
        self._collect_inside_out(found)
        return found

    def _collect_inside_out(self, found: list[Node]) -> None:
        node = self.param_node.next
        end = self.return_node
        while node is not end and node is not None:
            for block in node.blocks:
                block._collect_inside_out(found)
            found.append(node)
            node = node.next

    def add_input(self, name: str = "", type: Type = TENSOR) -> Value:
        """Append a parameter."""
        return self.insert_input(len(self.inputs), name, type)

    def insert_input(self, index: int, name: str = "", type: Type = TENSOR) -> Value:
        """Insert a parameter before the one at `index`."""
        value = self.param_node.insert_output(index)
        value.set_type(type)
        if name:
            value.set_debug_name(name)
        return value

    def erase_input(self, index: int) -> None:
        """Remove a parameter that nobody reads."""
        self.param_node.erase_output(index)

    def register_output(self, value: Value) -> int:
        """Append a result; returns its index."""
        self.return_node.add_input(value)
        return len(self.outputs) - 1

    def insert_output(self, index: int, value: Value) -> None:
        """Insert a result before the one at `index`."""
        self.return_node.insert_input(index, value)

    def replace_output(self, index: int, value: Value) -> None:
        """Return `value` as result number `index`."""
        self.return_node.replace_input(index, value)

    def erase_output(self, index: int) -> None:
        """Remove a result."""
        self.return_node.remove_input(index)

    def append(self, node: Node) -> Node:
        """Put a free node at the end."""
        return node.insert_before(self.return_node)

    def prepend(self, node: Node) -> Node:
        """Put a free node at the beginning."""
        return node.insert_after(self.param_node)

    def clone_from(
        self, source: Block, value_map: Callable[[Value], Value], keep_ids: bool = False
    ) -> dict[Value, Value]:
        """Append copies of the parameters, nodes and results of `source` (of any graph).

        `value_map` gives the counterparts of values defined outside `source`. Returns the map from
        the values of `source` to their copies. With `keep_ids` copied nodes keep their numbers.
        """
        cloner = self.graph.cloner(value_map, keep_ids)
        cloner.fill(source, self)
        return cloner.values

    def destroy(self) -> None:
        """Empty the block, last node first."""
        self.return_node.remove_all_inputs()
        for node in self.nodes_reversed():
            node.destroy()
        for index in range(len(self.inputs) - 1, -1, -1):
            self.erase_input(index)

    def take_from(self, first: Node) -> None:
        """Move `first` and all nodes behind it to the end of this block; no journal may be attached."""
        source, last = first.block, self.return_node.prev
        if source is None or source is self or last is None or first.recording() is not None:
            raise ValueError("only nodes of another block, without a journal, are taken as one")
        end, before = source.return_node, first.prev
        if first is end or end.prev is None or before is None:
            return
        last.next, first.prev = first, last
        position = last.position
        node: Node | None = first
        while node is not end and node is not None:
            node.block = self
            position += 1 << 32
            node.place_at(position)
            last, node = node, node.next
        before.next, end.prev = end, before
        last.next, self.return_node.prev = self.return_node, last
        self.return_node.place_at(max(1 << 60, position + (1 << 60)))

    def renumber_around(self, node: Node) -> None:
        """Make room around `node`: as many neighbours as have places to share are spread evenly."""
        low = high = node
        count = 1
        while True:
            # The stretch doubles until its places are sparse, which keeps the cost of an insertion
            # logarithmic on average, wherever nodes go in.
            for _ in range(count):
                low, high = low.prev or low, high.next or high
            count *= 2
            start, stop = low.position, high.position
            if low.prev is None and high.next is None:
                self._spread(low, high, 0, max(1 << 60, count << 32))
                return
            if stop - start > count * count * _LEAST_GAP:
                self._spread(low, high, start, stop)
                return

    def _spread(self, low: Node, high: Node, start: int, stop: int) -> None:
        nodes = [low]
        while nodes[-1] is not high:
            following = nodes[-1].next
            assert following is not None
            nodes.append(following)
        gap = (stop - start) // (len(nodes) - 1)
        for index, node in enumerate(nodes):
            node.place_at(start + index * gap)
        high.place_at(stop)
