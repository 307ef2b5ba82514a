"""Lets oneDNN compute convolutions of constant weights and what follows them.

%1 : Tensor = aten::conv2d(%x, %w, ...)          %4 : Tensor = aten::to_mkldnn(%x, %none)
%2 : Tensor = aten::relu(%1)               ->    %1 : Tensor = prim::mkldnn_convolution(%4, %w_mkldnn, ...)
                                                 %2 : Tensor = aten::relu_(%1)
                                                 %3 : Tensor = aten::to_dense(%2, %none, %none)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.constants import insert_constant
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.freezing.convolution_calls import call_convolutions_by_kind
from jitcore.passes.freezing.mkldnn_conversion import compute_in_place, convert_to_mkldnn
from jitcore.passes.freezing.mkldnn_groups import GROUP, GroupBuilder, holds_start
from jitcore.passes.functional_graphs.merging import subgraph_of
from jitcore.passes.inserting import mark_origin
from jitcore.passes.mutation.mutation_remover import MutationRemover
from jitcore.passes.rules import count, rule
from jitcore.types import NONE, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_WRITES: Final = frozenset(
    f"aten::{name}_"
    for name in (
        "add", "mul", "relu", "relu6", "gelu", "hardswish", "dropout", "sigmoid", "hardsigmoid", "hardtanh",
        "tanh", "clamp",
    )
)  # fmt: skip


class ConvertFrozenOpsToMkldnn(Pass):
    """Compute convolutions of constant weights, and what follows them, by oneDNN (once called MKL-DNN).

    aten::relu(aten::conv2d(%x, %w, ...))    ->    aten::to_dense(aten::relu_(prim::mkldnn_convolution(...)))

    For frozen graphs on a CPU, with weights of float32, which are laid out beforehand. What cannot be
    computed so gets dense tensors as before.
    """

    name: ClassVar[str] = "convert-frozen-ops-to-mkldnn"
    counterpart: ClassVar[str] = "_jit_pass_convert_frozen_ops_to_mkldnn"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Convert all blocks."""
        return convert_frozen_ops_to_mkldnn(graph, context)


def convert_frozen_ops_to_mkldnn(graph: Graph, context: PassContext) -> bool:
    """Let oneDNN compute what it can; says whether anything changed."""
    changed = call_convolutions_by_kind(graph, context)
    if not holds_start(graph.block):
        return changed
    MutationRemover(graph).remove_from_tensors(graph.block, lambda node: node.kind in _WRITES)
    GroupBuilder(graph, AliasDb(graph)).build(graph.block)
    _compute_groups(graph.block)
    eliminate_common_subexpressions(graph)
    eliminate_dead_code_with_aliases(graph)
    return True


def _compute_groups(block: Block) -> None:
    for node in list(block.nodes()):
        if node.kind == GROUP:
            compute_by_mkldnn(node)
    for node in block.nodes():
        for inner in node.blocks:
            _compute_groups(inner)


@rule
def compute_by_mkldnn(group: Node) -> None:
    """MKLDNNGroup(x) -> to_dense of what oneDNN's operators compute from to_mkldnn(x)"""
    graph = group.graph
    working = subgraph_of(group).copy(renumber=False)
    convert_to_mkldnn(working)
    compute_in_place(working)
    with compute_by_mkldnn.step(
        graph,
        lambda: (
            f"oneDNN computes the {count(sum(1 for _ in subgraph_of(group).nodes()), 'node')} of the group"
        ),
        (group,),
    ):
        with graph.inserting_before(group):
            none = insert_constant(graph, None, NONE, group)
        for index, value in enumerate(list(group.inputs)):
            if isinstance(value.type, TensorType):
                laid_out = graph.create("aten::to_mkldnn", [value, none])
                laid_out.provenance = made_from(group)
                laid_out.insert_before(group)
                group.replace_input(index, laid_out.output)
        for output in group.outputs:
            if isinstance(output.type, TensorType):
                dense = graph.create("aten::to_dense", [output, none, none])
                dense.provenance = made_from(group)
                dense.insert_after(group)
                for user, index in output.uses:
                    if user.is_after(dense):
                        user.replace_input(index, dense.output)
        with graph.inserting_before(group):
            before = graph.insert_point.prev
            results, _ = graph.insert_graph(working, list(group.inputs))
            mark_origin(graph, before, group)
        for output, result in zip(group.outputs, results, strict=False):
            output.replace_all_uses_with(result)
        group.destroy()
