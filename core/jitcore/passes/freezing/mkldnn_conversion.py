"""The graph of a group that oneDNN computes, converted: weights laid out beforehand, and its own operators.

As ComputeSubgraphInMKLDNN and InplaceMKLDNNSubgraph of libtorch
(torch/csrc/jit/passes/frozen_ops_to_mkldnn.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from jitcore.ir import MkldnnTensor
from jitcore.ops.lookup import matches
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.constants import constant_of
from jitcore.passes.freezing.frozen_layers import BIAS, WEIGHT, is_none, replace_input_with
from jitcore.types import NUMBER, STRING, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value

_CONVOLUTIONS: Final = ("aten::conv2d", "aten::conv3d")
_RENAMED: Final = {
    "aten::hardswish": "prim::MKLDNNHardSwish",
    "aten::hardsigmoid": "prim::MKLDNNHardSigmoid",
}
_IN_PLACE: Final = frozenset(
    (
        "aten::relu", "aten::sigmoid", "aten::dropout", "prim::MKLDNNHardSwish", "prim::MKLDNNHardSigmoid",
        "prim::MKLDNNHardTanh", "aten::tanh", "prim::MKLDNNClamp", "prim::MKLDNNScalarMul",
        "prim::MKLDNNLayerNorm",
    )
)  # fmt: skip
_LIVES_ON: Final = frozenset(("prim::Constant", "prim::ConstantMKLDNNTensor", "prim::Param"))


def convert_to_mkldnn(graph: Graph) -> None:
    """Call oneDNN's operators in a graph whose tensors are all laid out for it."""
    for node in list(graph.nodes()):
        _lay_out_constants(node)
        _convert(node)


def _lay_out_constants(node: Node) -> None:
    if node.kind in _CONVOLUTIONS:
        _lay_out(node, node.inputs[WEIGHT])
        if not is_none(node.inputs[BIAS]):
            _lay_out(node, node.inputs[BIAS])
        return
    for place in range(len(node.inputs)):
        # Looked at one by one: what stands in several places is replaced in all of them.
        value = node.inputs[place]
        if isinstance(value.type, TensorType) and value.node.is_constant:
            _lay_out(node, value)


def _lay_out(node: Node, value: Value) -> None:
    graph = node.graph
    constant = graph.create("prim::ConstantMKLDNNTensor")
    constant.attributes["value"] = MkldnnTensor(constant_of(value))
    constant.insert_before(node)
    constant.output.set_debug_name(f"{value.name}_mkldnn")
    replace_input_with(node, value, constant.output)


def _convert(node: Node) -> None:
    graph = node.graph
    multiplies_tensors = node.kind == "aten::mul" and isinstance(node.inputs[1].type, TensorType)
    if node.kind == "aten::add" or multiplies_tensors:
        broadcast = graph.create("prim::BroadcastMKLDNNTensors", node.inputs[:2], 2)
        broadcast.insert_before(node)
        node.replace_input(0, broadcast.outputs[0])
        node.replace_input(1, broadcast.outputs[1])
    if node.kind == "aten::mul" and is_subtype(node.inputs[1].type, NUMBER):
        _replace(node, "prim::MKLDNNScalarMul")
    elif matches(node, "aten::layer_norm"):
        _replace(node, "prim::MKLDNNLayerNorm")
    elif node.kind in _RENAMED:
        _replace(node, _RENAMED[node.kind])
    elif node.kind == "aten::relu6":
        _cut_off(node, "prim::MKLDNNHardTanh", 0.0, 6.0)
    elif node.kind in ("aten::hardtanh", "aten::clamp"):
        kind = "prim::MKLDNNHardTanh" if node.kind == "aten::hardtanh" else "prim::MKLDNNClamp"
        low, high = (cast("float", constant_of(value)) for value in node.inputs[1:3])
        _cut_off(node, kind, low, high)
    elif node.kind in _CONVOLUTIONS and node.inputs[4].type is not STRING:
        _replace(node, "prim::mkldnn_convolution")


def _replace(node: Node, kind: str) -> Node:
    """Put a node of another kind, with the same inputs, in the place of `node`; gives it."""
    new = node.graph.create(kind, node.inputs, 0).insert_before(node)
    for output in node.outputs:
        made = new.add_output().copy_metadata(output)
        output.replace_all_uses_with(made)
    new.copy_metadata(node)
    new.copy_attributes(node)
    node.destroy()
    return new


def _cut_off(node: Node, kind: str, low: float, high: float) -> None:
    new = node.graph.create(kind, node.inputs[:1]).insert_before(node)
    new.attributes["min_val"] = low
    new.attributes["max_val"] = high
    new.output.copy_metadata(node.output)
    node.output.replace_all_uses_with(new.output)
    node.destroy()


class _Memory:
    """Values of one memory, and the last node that reads any of them."""

    __slots__ = ("last", "values")

    def __init__(self, values: list[Value]) -> None:
        self.values = values
        self.last: Node | None = None


def compute_in_place(graph: Graph) -> None:
    """Let operators write where nobody reads their input any more."""
    memories = _memories(graph)
    for memory in {id(each): each for each in memories.values()}.values():
        memory.last = _last_reader(memory, graph)
    chosen: list[Node] = []
    for node in graph.nodes():
        place = _reusable(node, memories)
        if place is None:
            continue
        if place == 1:
            node.permute_inputs([1, 0, *range(2, len(node.inputs))])
        chosen.append(node)
        mine, theirs = memories[node.inputs[0]], memories[node.output]
        last = theirs.last
        _join(memories, mine, theirs)
        mine.last = last
    for node in chosen:
        _replace(node, f"{node.kind}_")


def _reusable(node: Node, memories: dict[Value, _Memory]) -> int | None:
    """The place of an input in whose memory the result can be written."""
    if node.kind in _IN_PLACE:
        places: tuple[int, ...] = (0,)
    elif node.kind in ("aten::mul", "aten::add"):
        places = (0, 1)
    else:
        return None
    for place in places:
        last = memories[node.inputs[place]].last
        if last is not None and not last.is_after(node):
            return place
    return None


def _memories(graph: Graph) -> dict[Value, _Memory]:
    db = AliasDb(graph)
    found: dict[Value, _Memory] = {}
    given = _Memory([value for value in graph.inputs if isinstance(value.type, TensorType)])
    found.update(dict.fromkeys(given.values, given))
    for node in graph.nodes():
        for output in node.outputs:
            if not isinstance(output.type, TensorType):
                continue
            found[output] = _Memory([output])
            for value in node.inputs:
                if value in found and db.may_alias([value], [output]):
                    _join(found, found[value], found[output])
    return found


def _join(memories: dict[Value, _Memory], mine: _Memory, theirs: _Memory) -> None:
    if mine is theirs:
        return
    mine.values += theirs.values
    memories.update(dict.fromkeys(theirs.values, mine))


def _last_reader(memory: _Memory, graph: Graph) -> Node | None:
    last: Node | None = None
    for value in memory.values:
        if value.node.kind in _LIVES_ON:
            return graph.block.return_node
        reader = value.node
        for user, _ in value.use_map:
            if user.is_after(reader):
                reader = user
        if last is None or reader.is_after(last):
            last = reader
    return last
