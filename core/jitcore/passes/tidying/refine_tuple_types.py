"""Gives tuples the types of what they are built of.

%1 : Float(2) = ...                                   %1 : Float(2) = ...
%2 : (Tensor, int) = prim::TupleConstruct(%1, %n) ->  %2 : (Float(2), int) = prim::TupleConstruct(%1, %n)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import TupleType, rebuilt

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class RefineTupleTypes(Pass):
    """Let the type of a tuple say what is known of its parts.

    %2 : (Tensor, int) = prim::TupleConstruct(%1, %n)  ->  %2 : (Float(2), int) = prim::TupleConstruct(%1, %n)

    Raises `JitError` for a node that builds a tuple of another length than its type has.
    """

    name: ClassVar[str] = "refine-tuple-types"
    counterpart: ClassVar[str] = "_jit_pass_refine_tuple_types"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Refine the types of all tuples that are built in the graph."""
        changed = False
        for node in graph.all_nodes():
            if node.kind == "prim::TupleConstruct":
                changed |= refine_tuple_type(node)
        return changed


@rule
def refine_tuple_type(node: Node) -> bool:
    """TupleConstruct(x, n) : (Tensor, int) -> TupleConstruct(x, n) : (Float(2), int)"""
    output = node.output
    old = output.type
    if not isinstance(old, TupleType) or len(old.elements) != len(node.inputs):
        raise JitError(
            f"%{output.name} is built of {len(node.inputs)} values, and its type is {old}; "
            "a tuple has as many types as values"
        )
    if all(value.type == element for value, element in zip(node.inputs, old.elements, strict=True)):
        return False
    new = rebuilt(old, tuple(value.type for value in node.inputs))
    with refine_tuple_type.step(
        node.graph, lambda: f"%{output.name} is built of {names(node.inputs)}, so it has their types", (node,)
    ):
        output.set_type(new)
    return True
