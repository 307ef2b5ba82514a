"""Carries what is known of tensors along a graph: through branches, and through loops until nothing changes.

As PropertyPropBase of libtorch (torch/csrc/jit/passes/shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.rules import names, rule
from jitcore.types import unify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.types import Type

Known = list[tuple["Value", "Type"]]


class PropertyPropagation:
    """A walk over a graph that gives values the types that are found for them; subclasses look at nodes.

    `are_types_final` says whether types of loops do not change any more, so that nodes may be rewritten by
    them.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        # What values were before: a type that is taken back within a loop is not changed.
        self._before: dict[Value, Type] = {}
        self.are_types_final = True

    def run(self) -> bool:
        """Look at all nodes; says whether a type was changed."""
        self.block(self.graph.block)
        return any(value.type != kind for value, kind in self._before.items())

    def before_node(self, node: Node) -> bool:
        """Do what is done for every node, with blocks or without; says whether that is all of it."""
        return False

    def node(self, node: Node) -> None:
        """Find the types of what a node gives."""
        raise NotImplementedError

    def block(self, block: Block) -> None:
        """Look at the nodes of a block, and of those inside."""
        for node in block.nodes():
            if self.before_node(node):
                continue
            if node.kind == "prim::If":
                self._branches(node)
            elif node.kind == "prim::Loop":
                self._loop(node)
            else:
                self.node(node)

    def assign(self, node: Node, known: Iterable[tuple[Value, Type]]) -> bool:
        """Give values the types that `node` tells of them, in one rewrite; says whether any changed."""
        others = [(value, kind) for value, kind in known if value.type is not kind and value.type != kind]
        if others:
            for value, _ in others:
                self._before.setdefault(value, value.type)
            learn_types(node, others)
        return bool(others)

    def _branches(self, node: Node) -> None:
        first, second = node.blocks
        # As in libtorch, whatever loop they are in.
        before, self.are_types_final = self.are_types_final, True
        self.block(first)
        self.block(second)
        self.are_types_final = before
        self.assign(node, _unified(first.outputs, second.outputs, node.outputs))

    def _loop(self, node: Node) -> None:
        body = node.blocks[0]
        carried = body.inputs[1:]
        self.assign(node, [(body.inputs[0], node.inputs[0].type)])
        self.assign(node, [(v, given.type) for v, given in zip(carried, node.inputs[2:], strict=True)])
        before, self.are_types_final = self.are_types_final, False
        while True:
            self.block(body)
            if not self.assign(node, _unified(carried, body.outputs[1:], carried)):
                break
        self.are_types_final = True
        self.block(body)
        self.are_types_final = before
        self.assign(node, [(v, inner.type) for v, inner in zip(node.outputs, carried, strict=True)])


def _unified(first: Sequence[Value], second: Sequence[Value], outputs: Sequence[Value]) -> Known:
    known: Known = []
    for one, other, output in zip(first, second, outputs, strict=True):
        kind = unify(one.type, other.type, default_to_union=True)
        if kind is None:
            raise ValueError(f"{one.type} and {other.type} have no type in common")
        known.append((output, kind))
    return known


@rule
def learn_types(node: Node, known: Known) -> None:
    """x : Tensor -> x : Float(2, 3)"""
    with learn_types.step(
        node.graph,
        lambda: f"{node.kind} tells more of {names(dict.fromkeys(value for value, _ in known))}",
        (node,),
    ):
        for value, kind in known:
            value.set_type(kind)
