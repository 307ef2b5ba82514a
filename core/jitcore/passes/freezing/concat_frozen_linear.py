"""Computes linear layers that read the same tensor as one, on a graphics card.

%1 : Tensor = aten::linear(%x, %w, %b)          %3 : Tensor = aten::linear(%x, %wv, %bc)
%2 : Tensor = aten::linear(%x, %v, %c)    ->    %1 : Tensor = aten::slice(%3, -1, 0, 4, 1)
                                                %2 : Tensor = aten::slice(%3, -1, 4, 8, 1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import constant_of, insert_constant
from jitcore.passes.freezing.frozen_layers import BIAS, has_changing_parameters, is_none, weight_of
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic, dtype_of, shape_of
from jitcore.passes.rules import names, rule
from jitcore.types import INT, TENSOR

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class ConcatFrozenLinear(Pass):
    """Make one linear layer of several that read the same tensor and whose weights are on a graphics card.

    aten::linear(%x, %w, %b), aten::linear(%x, %v, %c)    ->    slices of aten::linear(%x, [%w, %v], [%b, %c])

    For frozen graphs, where weights and biases are constants of one dtype and, but for the number of outputs,
    one shape. As torch/csrc/jit/passes/frozen_concat_linear.cpp, which leaves layers on a CPU as they are.
    """

    name: ClassVar[str] = "concat-frozen-linear"
    counterpart: ClassVar[str] = "_jit_pass_concat_frozen_linear"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Merge layers of each block, of inner blocks first."""
        return concat_frozen_linear(graph, context)


def concat_frozen_linear(graph: Graph, context: PassContext) -> bool:
    """Merge linear layers; says whether there were any."""
    merging = _Merging(graph, TensorArithmetic(context))
    merging.block(graph.block)
    return merging.changed


class _Merging:
    def __init__(self, graph: Graph, arithmetic: TensorArithmetic) -> None:
        self._graph = graph
        self._arithmetic = arithmetic
        self._alias_db: AliasDb | None = None
        self.changed = False

    def block(self, block: Block) -> None:
        for node in block.nodes():
            for inner in node.blocks:
                self.block(inner)
        groups: dict[Value, list[Node]] = {}
        for node in block.nodes():
            if _is_candidate(node):
                groups.setdefault(node.inputs[0], []).append(node)
        for layers in reversed(groups.values()):
            self._merge_some(layers)
        self._arithmetic.tell("group of linear layers")

    def _merge_some(self, layers: list[Node]) -> None:
        merged: set[Node] = set()
        for place, base in enumerate(layers):
            if base in merged:
                continue
            group = [base]
            for other in layers[place + 1 :]:
                if other in merged or not _are_alike(base, other):
                    continue
                if all(self._db.move_before(other, each, dry_run=True) for each in group):
                    group.append(other)
                    merged.add(other)
            if len(group) < 2:
                continue
            made = self._arithmetic.attempt(lambda group=group: self._concatenated(group))
            if made is not None:
                merge_layers(group, *made)
                self.changed = True

    @property
    def _db(self) -> AliasDb:
        if self._alias_db is None:
            self._alias_db = AliasDb(self._graph)
        return self._alias_db

    def _concatenated(self, group: list[Node]) -> tuple[object, object]:
        weights = [weight_of(node) for node in group]
        biases = [constant_of(node.inputs[BIAS]) for node in group]
        return self._arithmetic.call("aten::cat", weights, 0), self._arithmetic.call("aten::cat", biases, 0)


def _is_candidate(node: Node) -> bool:
    if node.kind != "aten::linear" or is_none(node.inputs[1]) or is_none(node.inputs[BIAS]):
        return False
    return not has_changing_parameters(node) and _device_of(weight_of(node)).startswith("cuda")


def _device_of(tensor: object) -> str:
    return str(getattr(tensor, "device", "cpu"))


def _are_alike(base: Node, other: Node) -> bool:
    pairs = [
        (weight_of(base), weight_of(other)),
        (constant_of(base.inputs[BIAS]), constant_of(other.inputs[BIAS])),
    ]
    return all(
        dtype_of(a) == dtype_of(b)
        and _device_of(a) == _device_of(b)
        and len(shape_of(a)) == len(shape_of(b))
        and shape_of(a)[1:] == shape_of(b)[1:]
        for a, b in pairs
    )


@rule
def merge_layers(group: list[Node], weight: object, bias: object) -> None:
    """linear(x, w, b), linear(x, v, c) -> slices of linear(x, [w, v], [b, c])"""
    base = group[0]
    graph = base.graph
    with merge_layers.step(
        graph,
        lambda: (
            f"{names(node.output for node in group)} are layers over %{base.inputs[0].name}, so they are one"
        ),
        group,
    ):
        with graph.inserting_before(base):
            new_weight = insert_constant(graph, weight, TENSOR, base)
            new_bias = insert_constant(graph, bias, TENSOR, base)
        layer = graph.create("aten::linear", [base.inputs[0], new_weight, new_bias])
        layer.provenance = made_from(*group)
        layer.insert_before(base)
        with graph.inserting_before(layer):
            last = insert_constant(graph, -1, INT, base)
            one = insert_constant(graph, 1, INT, base)
            start = insert_constant(graph, 0, INT, base)
            row = 0
            for node in group:
                row += shape_of(weight_of(node))[0]
                end = insert_constant(graph, row, INT, node)
                part = graph.create("aten::slice", [layer.output, last, start, end, one])
                part.provenance = made_from(node)
                part.insert_after(layer)
                node.output.replace_all_uses_with(part.output)
                node.destroy()
                start = end
