"""Brings operators into the one form that libtorch's fusers know.

%1 = aten::mul(%x, %tensor_of_two)                    ->    %1 = aten::mul(%x, %two)
%2 : Tensor[] = aten::chunk(%x, %two, %zero)
%3, %4 = prim::ListUnpack(%2)                         ->    %3, %4 = prim::ConstantChunk[chunks=2, dim=0](%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.ops.lookup import matches
from jitcore.ops.table import find_overload
from jitcore.passes.base import EvaluationError, Pass, PassContext
from jitcore.passes.constants import constant_int, constant_of, insert_constant, is_tensor, type_of_tensor
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.rules import rule
from jitcore.printing.printed_values import PrintedTensor
from jitcore.types import NUMBER

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_ARITHMETIC = {
    "aten::add": "aten::add.Tensor", "aten::sub": "aten::sub.Tensor", "aten::mul": "aten::mul.Tensor",
    "aten::div": "aten::div.Tensor",
}  # fmt: skip


class CanonicalizeGraphFuserOps(Pass):
    """Make numbers of constant tensors without dimensions, and chunks of known number results of one node.

    aten::mul(x, tensor(2))                       ->    aten::mul(x, 2)
    prim::ListUnpack(aten::chunk(x, 2, 0))        ->    prim::ConstantChunk[chunks=2, dim=0](x)

    As torch/csrc/jit/passes/canonicalize_graph_fuser_ops.cpp.
    """

    name: ClassVar[str] = "canonicalize-graph-fuser-ops"
    counterpart: ClassVar[str] = "_jit_pass_canonicalize_graph_fuser_ops"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all blocks, then drop what became dead."""
        return canonicalize_graph_fuser_ops(graph, context)


def canonicalize_graph_fuser_ops(graph: Graph, context: PassContext) -> bool:
    """Bring operators into the form that fusers know; says whether anything changed."""
    changed = _canonicalize_in(graph.block, context)
    return eliminate_dead_code_with_aliases(graph) or changed


def _canonicalize_in(block: Block, context: PassContext) -> bool:
    changed = False
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _canonicalize_in(inner, context)
        overload = _ARITHMETIC.get(node.kind)
        if overload is not None and matches(node, overload):
            number = _number_of(node, context)
            if number is not None:
                use_number(node, number)
                changed = True
        elif node.kind == "aten::chunk" and matches(node, "aten::chunk"):
            count, dim = (constant_int(value) for value in node.inputs[1:])
            if count is not None and dim is not None and _is_unpacked(node, count):
                chunk_at_once(node, count, dim)
                changed = True
    return changed


def _number_of(node: Node, context: PassContext) -> object:
    """The number in a constant tensor without dimensions that is the second operand; None if it is none."""
    operand = node.inputs[1]
    value = constant_of(operand)
    if not is_tensor(value) or isinstance(value, PrintedTensor) or type_of_tensor(value).sizes != ():
        return None
    schema = find_overload("aten::item")
    if schema is None or context.evaluate is None:
        return None
    try:
        return context.evaluate(node, schema, [value])[0]
    except EvaluationError as refusal:
        context.note(f"the number in %{operand.name} could not be read: {refusal}")
        return None


@rule
def use_number(node: Node, number: object) -> None:
    """x + tensor(2) -> x + 2"""
    graph = node.graph
    with use_number.step(
        graph, lambda: f"%{node.inputs[1].name} has no dimensions, so it is as good as a number", (node,)
    ), graph.inserting_before(node):  # fmt: skip
        constant = insert_constant(graph, number, NUMBER, node)
        inputs = [node.inputs[0], constant, *node.inputs[2:]]
        made = graph.insert(graph.create(node.kind, inputs))
        made.copy_metadata(node)
        made.set_provenance(made_from(node))
        made.output.copy_metadata(node.output)
        node.output.replace_all_uses_with(made.output)


def _is_unpacked(node: Node, count: int) -> bool:
    return all(user.kind == "prim::ListUnpack" and len(user.outputs) == count for user, _ in node.output.uses)


@rule
def chunk_at_once(node: Node, count: int, dim: int) -> None:
    """a, b = chunk(x, 2, 0) -> a, b = prim::ConstantChunk[chunks=2, dim=0](x)"""
    graph = node.graph
    users = [user for user, _ in node.output.uses]
    with chunk_at_once.step(
        graph, lambda: f"%{node.output.name} has {count} parts, all of them taken out", (node, *users)
    ), graph.inserting_before(node):  # fmt: skip
        made = graph.insert(graph.create("prim::ConstantChunk", (node.inputs[0],), count))
        made.set_attribute("chunks", count)
        made.set_attribute("dim", dim)
        made.copy_metadata(node)
        made.set_provenance(made_from(node, *users))
        for user in users:
            for part, old in zip(made.outputs, user.outputs, strict=True):
                old.replace_all_uses_with(part)
                part.set_type(old.type)
