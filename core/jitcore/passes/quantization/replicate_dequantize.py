"""Gives each reader of what was quantized a conversion of its own.

%d : Tensor = aten::dequantize(%q)          %d.dequant.0 : Tensor = aten::dequantize(%q)
%1 : Tensor = aten::relu(%d)          ->    %1 : Tensor = aten::relu(%d.dequant.0)
%2 : Tensor = aten::neg(%d)                 %d.dequant.1 : Tensor = aten::dequantize(%q)
                                            %2 : Tensor = aten::neg(%d.dequant.1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import count, rule

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class ReplicateDequantize(Pass):
    """Put `aten::dequantize` before each reader of its result, if there are several.

    aten::relu(%d), aten::neg(%d)    ->    aten::relu(aten::dequantize(%q)), aten::neg(aten::dequantize(%q))

    So that what reads it can be computed on quantized tensors. As
    torch/csrc/jit/passes/quantization/insert_quant_dequant.cpp.
    """

    name: ClassVar[str] = "replicate-dequantize"
    counterpart: ClassVar[str] = "_jit_pass_replicate_dequantize"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replicate in all blocks."""
        found: list[Node] = []
        blocks = [graph.block]
        while blocks:
            for node in blocks.pop().nodes():
                if node.kind == "aten::dequantize" and node.output.use_count > 1:
                    found.append(node)
                blocks.extend(node.blocks)
        for node in found:
            dequantize_for_each(node)
        return bool(found)


@rule
def dequantize_for_each(node: Node) -> None:
    """f(dequantize(q)), g(dequantize(q)) from one node -> the same from two"""
    graph = node.graph
    uses = node.output.uses
    with dequantize_for_each.step(
        graph, lambda: f"{count(len(uses), 'reader')} of %{node.output.name} get one each", (node,)
    ):
        name = node.output.name
        for number, (user, index) in enumerate(uses):
            own = graph.create(node.kind, node.inputs[:1])
            own.provenance = made_from(node)
            own.insert_before(user)
            own.output.set_debug_name(f"{name}.dequant.{number}")
            user.replace_input(index, own.output)
        node.destroy()
