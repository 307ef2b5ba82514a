"""Groups of operators that oneDNN computes one after the other: what may be in one, and how they grow.

As MKLDNNSubgraphSlicer of libtorch (torch/csrc/jit/passes/frozen_ops_to_mkldnn.cpp).
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, Final

from jitcore.ir import Graph
from jitcore.ops.lookup import matches
from jitcore.passes.constants import NOT_CONSTANT, constant_bool, constant_of, is_tensor
from jitcore.passes.freezing.frozen_layers import BIAS, has_changing_parameters, is_none, weight_of
from jitcore.passes.freezing.tensor_arithmetic import dtype_of, shape_of
from jitcore.passes.functional_graphs.merging import merge_into
from jitcore.passes.rules import rule
from jitcore.types import NUMBER, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value
    from jitcore.passes.alias_analysis import AliasDb

GROUP: Final = "prim::MKLDNNGroup"
_STARTS: Final = frozenset(("aten::conv2d", "aten::conv3d"))
_ANY_INPUT: Final = frozenset(
    (
        "aten::relu", "aten::relu6", "aten::gelu", "aten::prelu", "aten::sigmoid", "aten::hardsigmoid",
        "aten::hardswish", "aten::tanh", "aten::batch_norm", "aten::max_pool2d", "aten::max_pool3d",
        "aten::avg_pool2d", "aten::adaptive_avg_pool2d", "aten::avg_pool3d",
    )
)  # fmt: skip
_LAID_OUT: Final = frozenset((GROUP, "prim::ConstantMKLDNNTensor", "aten::to_mkldnn"))


def starts_group(node: Node) -> bool:
    """Whether a group grows from the node: a group, or a convolution of constant weights of float32."""
    if node.kind == GROUP:
        return True
    return node.kind in _STARTS and _has_frozen_weight(node)


def holds_start(block: Block) -> bool:
    """Whether a group would grow anywhere in a block."""
    return any(
        starts_group(node) or any(holds_start(inner) for inner in node.blocks) for node in block.nodes()
    )


class GroupBuilder:
    """Grows groups in the blocks of one graph; `db` keeps up with that."""

    def __init__(self, graph: Graph, db: AliasDb) -> None:
        self._graph = graph
        self._db = db

    def build(self, block: Block) -> None:
        """Grow groups in a block, then in the blocks of its nodes."""
        again = True
        while again:
            again = False
            node = block.param_node.next
            while node is not None and node is not block.return_node:
                node, changed = self._scan(node)
                again |= changed
        for node in block.nodes():
            for inner in node.blocks:
                self.build(inner)

    def _scan(self, producer: Node) -> tuple[Node | None, bool]:
        """Grow a group from a node; gives the node to go on with, and whether the group took one in."""
        if starts_group(producer):
            if producer.kind != GROUP:
                producer = start_group(producer, self._db)
            readers = [user for output in producer.outputs for user, _ in output.use_map]
            for reader in sorted(readers, key=cmp_to_key(_order)):
                if self._may_join(reader) and self._db.move_after(reader, producer, dry_run=True):
                    join_group(reader, producer, self._db)
                    return producer, True
        return producer.next, False

    def _may_join(self, node: Node) -> bool:
        return starts_group(node) or is_frozen_linear(node) or _is_computable(node)


def is_frozen_linear(node: Node) -> bool:
    """Whether the node is a linear layer of constant weights of float32."""
    return node.kind == "aten::linear" and _has_frozen_weight(node)


def _has_frozen_weight(node: Node) -> bool:
    return not has_changing_parameters(node) and is_supported(weight_of(node))


def is_supported(tensor: object) -> bool:
    """Whether oneDNN computes with the constant: float32 on the CPU, of one dimension at least."""
    return (
        is_tensor(tensor)
        and str(getattr(tensor, "device", "cpu")).startswith("cpu")
        and dtype_of(tensor) == "float32"
        and bool(shape_of(tensor))
    )


def _order(a: Node, b: Node) -> int:
    return 0 if a is b else -1 if a.is_before(b) else 1


def _is_computable(node: Node) -> bool:
    """Whether oneDNN computes the operator, and it is known that it computes with float32."""
    tensors = [value for value in node.inputs if isinstance(value.type, TensorType)]
    if not all(_is_laid_out(value, node) for value in tensors):
        return False
    if matches(node, "aten::layer_norm") and not is_none(node.inputs[2]) and not is_none(node.inputs[3]):
        shape = constant_of(node.inputs[1])
        return isinstance(shape, list) and len(shape) == 1
    if node.kind in _ANY_INPUT:
        return True
    if node.kind in ("aten::hardtanh", "aten::clamp"):
        return not has_changing_parameters(node) and keeps_zero(node)
    if node.kind == "aten::add":
        return all(isinstance(value.type, TensorType) for value in node.inputs[:2])
    if node.kind == "aten::mul":
        first, second = node.inputs
        if not isinstance(first.type, TensorType):
            return False
        return isinstance(second.type, TensorType) or is_subtype(second.type, NUMBER)
    return node.kind == "aten::dropout" and constant_bool(node.inputs[BIAS]) is False


def keeps_zero(node: Node) -> bool:
    """Whether the operator cuts off at two real numbers around zero, which leaves padding zero.

    With numbers of another kind libtorch's pass fails; here such a node stays outside.
    """
    low, high = constant_of(node.inputs[1]), constant_of(node.inputs[2])
    return isinstance(low, float) and isinstance(high, float) and low <= 0.0 <= high


def _is_laid_out(value: Value, reader: Node) -> bool:
    constant = constant_of(value)
    if constant is not NOT_CONSTANT and is_tensor(constant):
        return is_supported(constant)
    if value.node.kind in _LAID_OUT:
        return True
    return any(user.kind == "aten::to_mkldnn" and user.block is reader.block for user, _ in value.use_map)


@rule
def start_group(node: Node, db: AliasDb) -> Node:
    """conv2d(x, w, b) -> MKLDNNGroup(x), which computes it; gives that"""
    graph = node.graph
    with start_group.step(
        graph, lambda: f"the weights of %{node.output.name} are constant, so oneDNN can compute it", (node,)
    ):
        placeholder = _hold_place(node, db)
        group = graph.create(GROUP, (), 0)
        group.attributes["Subgraph"] = Graph()
        group.insert_before(node)
        merge_into(node, group)
        _give_place(placeholder, group, db)
    return group


@rule
def join_group(node: Node, group: Node, db: AliasDb) -> None:
    """MKLDNNGroup(x), f(y) -> MKLDNNGroup(x), which computes f(y) too"""
    with join_group.step(
        node.graph,
        lambda: f"oneDNN computes {node.kind} as well, so what it reads need not be laid out anew",
        (node, group),
    ):
        db.move_after(node, group)
        known = set(group.outputs)
        placeholder = _hold_place(node, db)
        merge_into(node, group)
        _give_place(placeholder, group, db, known)


def _hold_place(node: Node, db: AliasDb) -> Node:
    """A node that stands for the results of `node` while it is moved; as libtorch's, it takes numbers."""
    graph = node.graph
    placeholder = graph.create("prim::Uninitialized", (), 0)
    placeholder.insert_before(node)
    for output in node.outputs:
        standing = placeholder.add_output().copy_metadata(output)
        db.replace_with_new_value(output, standing)
    return placeholder


def _give_place(placeholder: Node, group: Node, db: AliasDb, known: set[Value] | None = None) -> None:
    new = [output for output in group.outputs if known is None or output not in known]
    for standing, output in zip(placeholder.outputs, new, strict=False):
        db.replace_with_new_value(standing, output)
    placeholder.destroy()
