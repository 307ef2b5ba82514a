"""Layers whose weights are constants, as they stand in frozen graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.passes.constants import constant_bool, constant_of
from jitcore.types import NONE

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value

WEIGHT: Final = 1
"""Place of the weight among the inputs of a layer."""
BIAS: Final = 2
"""Place of the bias."""

_CONVOLUTIONS: Final = frozenset(("aten::conv1d", "aten::conv2d", "aten::conv3d"))
_TRANSPOSED: Final = 6


def has_changing_parameters(node: Node) -> bool:
    """Whether anything but the first input is no constant."""
    return any(not value.node.is_constant for value in node.inputs[1:])


def is_convolution(node: Node) -> bool:
    """Whether the node is a convolution, and not a transposed one."""
    if node.kind == "aten::_convolution":
        return constant_bool(node.inputs[_TRANSPOSED]) is False
    return node.kind in _CONVOLUTIONS


def is_none(value: Value) -> bool:
    """Whether the value is None by its type."""
    return value.type is NONE


def weight_of(layer: Node) -> object:
    """The constant weight."""
    return constant_of(layer.inputs[WEIGHT])


def nodes_with_inner_first(block: Block) -> list[Node]:
    """The nodes of a block in order, what is in blocks of a node before it."""
    found: list[Node] = []
    for node in block.nodes():
        for inner in node.blocks:
            found += nodes_with_inner_first(inner)
        found.append(node)
    return found


def replace_input_with(node: Node, old: Value, new: Value) -> None:
    """Read `new` wherever the node reads `old`."""
    for index, value in enumerate(node.inputs):
        if value is old:
            node.replace_input(index, new)
