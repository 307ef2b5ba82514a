"""A node of the IR: an operation with inputs, outputs, attributes and nested blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir.node_placement import NodePlacement

if TYPE_CHECKING:
    from jitcore.ir.value import Value

CONSTANT = "prim::Constant"


class Node(NodePlacement):
    """An operation.

    `kind` is the qualified operator (`aten::add`); `id` numbers the node in its graph for its whole
    life; `provenance` are the ids of the nodes it was made from; `callstack` tells where it was
    inlined from. `inputs`, `outputs` and `blocks` are read-only views: edit with the methods, which
    keep uses, names and the journal right. A node is free (`block` is None) until inserted.
    Attribute values are Python values (int, float, str, bool, list, Type, Graph, tensors ...).
    """

    __slots__ = ()

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

    # --- metadata ------------------------------------------------------------------------------

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

    def __repr__(self) -> str:
        outputs = ", ".join(f"%{o.name}" for o in self.outputs)
        return f"{outputs} = {self.kind}({', '.join(f'%{i.name}' for i in self.inputs)})"
