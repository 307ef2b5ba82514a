"""A node of the IR: an operation with inputs, outputs, attributes and nested blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.value import Value
from jitcore.types import TENSOR, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir.block import Block
    from jitcore.ir.callstack import CallStack
    from jitcore.ir.graph import Graph
    from jitcore.ir.journal import Journal
    from jitcore.source import SourceRange
    from jitcore.types import FunctionSchema

CONSTANT = "prim::Constant"

# Gap between neighbours of a run of inserted nodes, and the room from which on a run is expected.
_STEP = 1 << 12
_RUN = 1 << 20


class Node:
    """An operation.

    `kind` is the qualified operator (`aten::add`); `id` numbers the node in its graph for its whole
    life; `provenance` are the ids of the nodes it was made from; `callstack` tells where it was
    inlined from. `inputs`, `outputs` and `blocks` are read-only views: edit with the methods, which
    keep uses, names and the journal right. A node is free (`block` is None) until inserted.
    Attribute values are Python values (int, float, str, bool, list, Type, Graph, tensors ...).
    """

    __slots__ = (
        "_position",
        "attributes",
        "block",
        "blocks",
        "cached_schema",
        "callstack",
        "graph",
        "id",
        "inputs",
        "kind",
        "next",
        "outputs",
        "prev",
        "provenance",
        "scope",
        "source_range",
    )

    def __init__(self, graph: Graph, kind: str) -> None:
        self.graph = graph
        self.kind = kind
        self.id = number = graph.next_node_id
        graph.next_node_id = number + 1
        self.inputs: list[Value] = []
        self.outputs: list[Value] = []
        self.blocks: list[Block] = []
        self.attributes: dict[str, object] = {}
        self.block: Block | None = None
        self.prev: Node | None = None
        self.next: Node | None = None
        self.source_range: SourceRange | None = None
        self.callstack: CallStack | None = None
        self.scope: str = ""
        self.provenance: tuple[int, ...] = ()
        self._position = 0
        self.cached_schema: FunctionSchema | None = None

    # --- the journal ---------------------------------------------------------------------------

    def recording(self) -> Journal | None:
        """The journal, if there is one and this node is part of the graph.

        Edits of a node that is not inserted yet are not recorded one by one: inserting it records
        the node as it then is.
        """
        journal = self.graph.journal
        if journal is None:
            return None
        block = self.block
        while block is not None:
            owner = block.owner
            if owner is None:
                return journal
            block = owner.block
        return None

    def record(self, what: str, undo: Callable[[], None], redo: Callable[[], None]) -> None:
        """Note an edit of this node, where edits are noted: how it is taken back and done again.

        All edits of nodes and their values end here. Callers look whether the graph has a journal first:
        most graphs have none, and making functions for nobody would take longer than the edits.
        """
        journal = self.recording()
        if journal is not None:
            journal.record(what, self.id, undo, redo)

    # --- what it is ----------------------------------------------------------------------------

    @property
    def output(self) -> Value:
        """The only output."""
        if len(self.outputs) != 1:
            raise ValueError(f"{self.kind} has {len(self.outputs)} outputs, not one")
        return self.outputs[0]

    @property
    def is_constant(self) -> bool:
        """Whether this is a `prim::Constant`."""
        return self.kind == CONSTANT

    def must_be_none(self) -> bool:
        """Whether the node can only give None."""
        if self.kind == CONSTANT:
            return not self.attributes and self.outputs[0].type.kind in ("NoneType", "OptionalType")
        if self.kind == "prim::AutogradZero":
            return True
        return len(self.outputs) == 1 and self.outputs[0].type.kind == "NoneType"

    def has_uses(self) -> bool:
        """Whether any output is read."""
        for output in self.outputs:  # noqa: SIM110  # a generator would take three times as long
            if output.use_map:
                return True
        return False

    def is_before(self, other: Node) -> bool:
        """Whether this node stands before `other`; for different blocks, before the node that holds it."""
        if self.block is other.block:
            return self._position < other._position
        mine: Node | None = self
        while mine is not None and mine.block is not None:
            theirs: Node | None = other
            while theirs is not None and theirs.block is not None:
                if mine.block is theirs.block:
                    return mine._position < theirs._position
                theirs = theirs.block.owner
            mine = mine.block.owner
        raise ValueError("nodes of different graphs have no order")

    def is_after(self, other: Node) -> bool:
        """Whether this node stands after `other`."""
        return self is not other and not self.is_before(other)

    def is_dominated_by(self, dominator: Node) -> bool:
        """Whether `dominator` has always run before this node."""
        node: Node | None = self
        while node is not None and node.block is not None:
            if node.block is dominator.block:
                return dominator.is_before(node)
            node = node.block.owner
        return False

    # --- what it reads -------------------------------------------------------------------------

    def add_input(self, value: Value) -> Value:
        """Append an input."""
        index = len(self.inputs)
        self.cached_schema = None
        self.inputs.append(value)
        value.use_map[(self, index)] = None
        if self.graph.journal is not None:
            self.record(
                "inputs", lambda: self._take_out_input(index), lambda: self._put_in_input(index, value)
            )
        return value

    def insert_input(self, index: int, value: Value) -> Value:
        """Insert an input before the one at `index`."""
        self._put_in_input(index, value)
        if self.graph.journal is not None:
            self.record(
                "inputs", lambda: self._take_out_input(index), lambda: self._put_in_input(index, value)
            )
        return value

    def replace_input(self, index: int, value: Value) -> Value:
        """Read `value` as input `index`; returns what was read before."""
        old = self.inputs[index]
        self._exchange_input(index, value)
        if self.graph.journal is not None and old is not value:
            self.record(
                "inputs", lambda: self._exchange_input(index, old), lambda: self._exchange_input(index, value)
            )
        return old

    def remove_input(self, index: int) -> None:
        """Drop input `index`."""
        value = self.inputs[index]
        self._take_out_input(index)
        if self.graph.journal is not None:
            self.record(
                "inputs", lambda: self._put_in_input(index, value), lambda: self._take_out_input(index)
            )

    def remove_all_inputs(self) -> None:
        """Drop every input."""
        for index in range(len(self.inputs) - 1, -1, -1):
            self.remove_input(index)

    def permute_inputs(self, order: Sequence[int]) -> None:
        """Reorder the inputs: place i gets what stood at place `order[i]`."""
        self._order_inputs(order)
        if self.graph.journal is not None:
            back = _inverse(order)
            self.record("inputs", lambda: self._order_inputs(back), lambda: self._order_inputs(order))

    def _exchange_input(self, index: int, value: Value) -> None:
        self.cached_schema = None
        use = (self, index)
        del self.inputs[index].use_map[use]
        self.inputs[index] = value
        value.use_map[use] = None

    def _put_in_input(self, index: int, value: Value) -> None:
        self.cached_schema = None
        inputs = self.inputs
        for moved in range(len(inputs) - 1, index - 1, -1):
            uses = inputs[moved].use_map
            del uses[(self, moved)]
            uses[(self, moved + 1)] = None
        inputs.insert(index, value)
        value.use_map[(self, index)] = None

    def _take_out_input(self, index: int) -> None:
        self.cached_schema = None
        inputs = self.inputs
        del inputs[index].use_map[(self, index)]
        for moved in range(index + 1, len(inputs)):
            uses = inputs[moved].use_map
            del uses[(self, moved)]
            uses[(self, moved - 1)] = None
        del inputs[index]

    def _order_inputs(self, order: Sequence[int]) -> None:
        self.cached_schema = None
        old = list(self.inputs)
        for index, value in enumerate(old):
            del value.use_map[(self, index)]
        for index, place in enumerate(order):
            self.inputs[index] = old[place]
            old[place].use_map[(self, index)] = None

    # --- what it gives -------------------------------------------------------------------------

    def add_output(self, type: Type = TENSOR) -> Value:
        """Append an output with a fresh unique number."""
        return self.insert_output(len(self.outputs)).set_type(type)

    def insert_output(self, index: int) -> Value:
        """Insert an output before the one at `index`."""
        value = Value(self, index, self.graph.take_unique())
        self._put_in_output(index, value)
        if self.graph.journal is not None:
            self.record(
                "outputs", lambda: self._take_out_output(index), lambda: self._put_in_output(index, value)
            )
        return value

    def erase_output(self, index: int) -> None:
        """Remove an output that nobody reads."""
        value = self.outputs[index]
        if value.use_map:
            raise ValueError(f"%{value.name} is still used and cannot be erased")
        if value.debug_name is not None:
            value.assign_name(None)
        self._take_out_output(index)
        if self.graph.journal is not None:
            self.record(
                "outputs", lambda: self._put_in_output(index, value), lambda: self._take_out_output(index)
            )

    def permute_outputs(self, order: Sequence[int]) -> None:
        """Reorder the outputs: place i gets what stood at place `order[i]`."""
        self._order_outputs(order)
        if self.graph.journal is not None:
            back = _inverse(order)
            self.record("outputs", lambda: self._order_outputs(back), lambda: self._order_outputs(order))

    def _put_in_output(self, index: int, value: Value) -> None:
        self.outputs.insert(index, value)
        for offset in range(index, len(self.outputs)):
            self.outputs[offset].offset = offset

    def _take_out_output(self, index: int) -> None:
        del self.outputs[index]
        for offset in range(index, len(self.outputs)):
            self.outputs[offset].offset = offset

    def _order_outputs(self, order: Sequence[int]) -> None:
        old = list(self.outputs)
        for index, place in enumerate(order):
            self.outputs[index] = old[place]
            old[place].offset = index

    # --- attributes, blocks and origin ---------------------------------------------------------

    def set_attribute(self, name: str, value: object) -> Node:
        """Set an attribute; returns the node."""
        attributes = self.attributes
        if self.graph.journal is not None:
            had, old = name in attributes, attributes.get(name)

            def undo() -> None:
                if had:
                    attributes[name] = old
                else:
                    del attributes[name]

            def redo() -> None:
                attributes[name] = value

            self.record("attributes", undo, redo)
        attributes[name] = value
        return self

    def add_block(self) -> Block:
        """Append an empty block."""
        block = self.graph.new_block(self)
        index = len(self.blocks)
        self.blocks.append(block)
        if self.graph.journal is not None:
            self.record(
                "blocks", lambda: self._take_out_block(index), lambda: self._put_in_block(index, block)
            )
        return block

    def erase_block(self, index: int) -> None:
        """Empty and remove block `index`."""
        block = self.blocks[index]
        block.destroy()
        self._take_out_block(index)
        if self.graph.journal is not None:
            self.record(
                "blocks", lambda: self._put_in_block(index, block), lambda: self._take_out_block(index)
            )

    def _put_in_block(self, index: int, block: Block) -> None:
        self.blocks.insert(index, block)

    def _take_out_block(self, index: int) -> None:
        del self.blocks[index]

    def set_provenance(self, provenance: tuple[int, ...]) -> None:
        """Say which nodes this one was made from; see `made_from`."""
        old = self.provenance
        self._put_provenance(provenance)
        if self.graph.journal is not None:
            self.record(
                "provenance", lambda: self._put_provenance(old), lambda: self._put_provenance(provenance)
            )

    def _put_provenance(self, provenance: tuple[int, ...]) -> None:
        self.provenance = provenance

    def copy_metadata(self, other: Node) -> Node:
        """Take over source range, scope and call stack of `other`; returns this node."""
        self.source_range = other.source_range
        self.scope = other.scope
        self.callstack = other.callstack
        return self

    def copy_attributes(self, other: Node) -> Node:
        """Take over the attributes of `other`; returns this node."""
        for name, value in other.attributes.items():
            self.set_attribute(name, value)
        return self

    # --- where it stands -----------------------------------------------------------------------

    def insert_before(self, other: Node) -> Node:
        """Put this free node before `other`."""
        previous = other.prev
        if previous is None:
            raise ValueError("nothing can stand before the parameters of a block")
        return self.insert_after(previous)

    def insert_after(self, other: Node) -> Node:
        """Put this free node after `other`."""
        if self.block is not None:
            raise ValueError(f"{self.kind} is already in a block")
        self.link_after(other)
        if self.graph.journal is not None:
            self.record("insert", self._leave, lambda: self._enter(other))
        return self

    def move_before(self, other: Node) -> None:
        """Take this node out of its place and put it before `other`."""
        self._detach()
        self.insert_before(other)

    def move_after(self, other: Node) -> None:
        """Take this node out of its place and put it after `other`."""
        self._detach()
        self.insert_after(other)

    def destroy(self) -> None:
        """Remove the node for good: its outputs must be unread; what it and its blocks read is released."""
        for output in self.outputs:
            if output.use_map:
                raise ValueError(f"%{output.name} is still used; {self.kind} cannot be removed")
        previous = self.prev
        if previous is None:
            self._release()
            return
        if self.graph.journal is not None:
            self.record("remove", lambda: self._enter(previous), self._leave)
        self._leave()

    def _detach(self) -> None:
        previous = self.prev
        if previous is None:
            raise ValueError(f"{self.kind} is not in a block")
        if self.graph.journal is not None:
            self.record("remove", lambda: self._enter(previous), self._leave)
        self._unlink()

    def _leave(self) -> None:
        self._unlink()
        self._release()

    def _enter(self, other: Node) -> None:
        self.link_after(other)
        self._acquire()

    def _release(self) -> None:
        """Withdraw the uses and names of this node and of everything in its blocks."""
        for index, value in enumerate(self.inputs):
            del value.use_map[(self, index)]
        names = self.graph.names
        for value in self.outputs:
            if value.debug_name is not None and names.get(value.debug_name) is value:
                del names[value.debug_name]
        for block in self.blocks:
            block.param_node._release()
            for node in block.nodes():
                node._release()
            block.return_node._release()

    def _acquire(self) -> None:
        """Put back what `_release` withdrew."""
        for index, value in enumerate(self.inputs):
            value.use_map[(self, index)] = None
        for value in self.outputs:
            if value.debug_name is not None:
                self.graph.names[value.debug_name] = value
        for block in self.blocks:
            block.param_node._acquire()
            for node in block.nodes():
                node._acquire()
            block.return_node._acquire()

    def link_after(self, other: Node) -> None:
        """Put this node after `other` without noting it in the journal; see `insert_after`."""
        block, following = other.block, other.next
        if block is None or following is None:
            raise ValueError("a node can only be put after a node that is in a block")
        self.block = block
        self.prev = other
        self.next = following
        other.next = self
        following.prev = self
        low, high = other._position, following._position
        if following.next is None and high - low > (1 << 42):
            # Appending is the common case: leave room for many more.
            self._position = low + (1 << 32)
        elif high - low > _RUN:
            # Whole runs of nodes go in one place: at the beginning backwards, elsewhere forwards.
            self._position = high - _STEP if other.prev is None else low + _STEP
        elif high - low > 1:
            self._position = (low + high) // 2
        else:
            block.renumber_around(self)

    def _unlink(self) -> None:
        previous, following = self.prev, self.next
        if previous is None or following is None:
            raise ValueError(f"{self.kind} is not in a block")
        previous.next = following
        following.prev = previous
        self.block = None
        self.prev = None
        self.next = None

    @property
    def position(self) -> int:
        """A number that grows along the block; it changes when places are spread anew."""
        return self._position

    def place_at(self, position: int) -> None:
        """Set the topological position; only a block does this."""
        self._position = position

    def __repr__(self) -> str:
        outputs = ", ".join(f"%{o.name}" for o in self.outputs)
        return f"{outputs} = {self.kind}({', '.join(f'%{i.name}' for i in self.inputs)})"


def _inverse(order: Sequence[int]) -> list[int]:
    """The order that takes `order` back."""
    back = [0] * len(order)
    for index, place in enumerate(order):
        back[place] = index
    return back
