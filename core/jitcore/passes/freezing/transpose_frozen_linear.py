"""Transposes the weights of linear layers beforehand.

%1 : Tensor = aten::linear(%x, %w, %b)    ->    %2 : Tensor = aten::matmul(%x, %wt)
                                                %1 : Tensor = aten::add(%2, %b, %one)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import insert_constant
from jitcore.passes.freezing.frozen_layers import BIAS, has_changing_parameters, is_none, weight_of
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic
from jitcore.passes.rules import rule
from jitcore.types import INT, TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class TransposeFrozenLinear(Pass):
    """Multiply by the transposed weight, a constant of its own, in place of calling `aten::linear`.

    aten::linear(%x, %w, %b)    ->    aten::add(aten::matmul(%x, %wt), %b, 1)

    For frozen graphs, where weight and bias are constants. As
    torch/csrc/jit/passes/frozen_linear_transpose.cpp.
    """

    name: ClassVar[str] = "transpose-frozen-linear"
    counterpart: ClassVar[str] = "_jit_pass_transpose_frozen_linear"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace linear layers in all blocks."""
        return transpose_frozen_linear(graph, context)


def transpose_frozen_linear(graph: Graph, context: PassContext) -> bool:
    """Replace linear layers by products; says whether there were any."""
    arithmetic = TensorArithmetic(context)
    changed = False
    for node in graph.all_nodes():
        if node.kind != "aten::linear" or has_changing_parameters(node):
            continue
        made = arithmetic.attempt(lambda node=node: (_transposed(weight_of(node), arithmetic),))
        if made is not None:
            multiply_by_transposed(node, made[0])
            changed = True
    arithmetic.tell("linear layer")
    return changed


def _transposed(weight: object, arithmetic: TensorArithmetic) -> object:
    contiguous = 0
    return arithmetic.call("aten::clone", arithmetic.call("aten::transpose.int", weight, 1, 0), contiguous)


@rule
def multiply_by_transposed(node: Node, transposed: object) -> None:
    """linear(x, w, b) -> matmul(x, w.t()) + b"""
    graph = node.graph
    bias = node.inputs[BIAS]
    with multiply_by_transposed.step(
        graph, lambda: f"the weight %{node.inputs[1].name} is constant, so it can be transposed now", (node,)
    ):
        with graph.inserting_before(node):
            weight = insert_constant(graph, transposed, TENSOR, node)
        product = graph.create("aten::matmul", [node.inputs[0], weight])
        product.provenance = made_from(node)
        product.insert_after(node)
        result = product
        if not is_none(bias):
            with graph.inserting_before(product):
                one = insert_constant(graph, 1, INT, node)
            result = graph.create("aten::add", [product.output, bias, one])
            result.provenance = made_from(node)
            result.insert_after(product)
        node.output.replace_all_uses_with(result.output)
        node.destroy()
