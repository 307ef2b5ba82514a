"""Which nodes may be computed in a fusion group, and which of them together.

As `canHandle` and `canMerge` of libtorch (torch/csrc/jit/passes/tensorexpr_fuser.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ops.fusible_operators import is_fusible
from jitcore.ops.lookup import operator_key, schema_of
from jitcore.passes.constants import constant_bool
from jitcore.passes.fusion.convolutions import is_fusible_convolution, is_small_product
from jitcore.passes.shapes.tensor_types import known_shape
from jitcore.types import FLOAT, INT, NONE, TensorType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node, Value
    from jitcore.passes.alias_analysis import AliasDb
    from jitcore.passes.fusion.fusion_choice import FusionChoice

GROUP: Final = "prim::TensorExprGroup"

VIEWS: Final = frozenset(("aten::slice", "aten::unsqueeze", "prim::ConstantChunk"))
"""Kinds that give what shares memory with their input: no group begins with them."""

_MOST_ARGUMENTS: Final = 128
"""Inputs and outputs of a group, as a kernel on CUDA may have them."""

_FLOATS: Final = frozenset((
    "float16", "bfloat16", "float32", "float64", "float8_e5m2", "float8_e4m3fn", "float8_e5m2fnuz",
    "float8_e4m3fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2",
))  # fmt: skip
_NEVER: Final = frozenset((
    "complex32", "complex64", "complex128", "qint8", "quint8", "qint32", "quint4x2", "quint2x4", "uint8",
))  # fmt: skip
_NOT_ON_CPU: Final = frozenset(("float16", "bfloat16"))

_OF_FLOATS: Final = frozenset((
    "aten::fmod.Scalar", "aten::fmod.Tensor", "aten::remainder.Scalar", "aten::remainder.Tensor",
))  # fmt: skip
"""Integers would have to raise where they are divided by zero."""
_OF_INTEGERS: Final = frozenset((
    "aten::__lshift__.Scalar", "aten::__lshift__.Tensor", "aten::__rshift__.Scalar",
    "aten::__rshift__.Tensor",
))  # fmt: skip
_ON_CPU: Final = frozenset(("aten::conv2d", "aten::_convolution", "aten::matmul"))
_ON_GPU: Final = frozenset(("aten::erf", "aten::erfc"))
_CASTS: Final = {
    "aten::_autocast_to_reduced_precision": "float32", "aten::_autocast_to_full_precision": "bfloat16",
}  # fmt: skip
"""What autocast put in, and the dtype on the CPU that there is something to do for."""


class FusibleNodes:
    """The rules of one choice; `db` knows the memory of the graph, and keeps up with what is moved."""

    def __init__(self, choice: FusionChoice, db: AliasDb) -> None:
        self._choice = choice
        self._db = db

    def may_be_grouped(self, node: Node) -> bool:
        """Whether the node can be computed in a group, by itself or together with others."""
        return (
            _all_shapes_are_known(node)
            and is_fusible(node, self._choice.reduces)
            and self._is_on_device(node)
            and _device_of_node(node) is not None
            and not (node.kind == "aten::batch_norm" and constant_bool(node.inputs[5]) is not False)
            and self._types_are_supported(node)
            and (not self._choice.is_dynamic or _has_shape_function(node))
        )

    def may_merge(self, consumer: Node, producer: Node) -> bool:
        """Whether the producer can go into the group of its consumer, or into one that starts with that."""
        if consumer.block is not producer.block:
            return False
        if producer.kind != GROUP and not self.may_be_grouped(producer):
            return False
        arguments = sum(len(node.inputs) + len(node.outputs) for node in (consumer, producer))
        return (
            arguments <= _MOST_ARGUMENTS
            and _are_on_one_device(consumer, producer)
            and self._db.move_before(producer, consumer, dry_run=True)
            and _is_read_here_alone(producer, consumer)
            and (consumer.kind == GROUP or consumer.kind not in VIEWS | {"prim::ListConstruct"})
            and self._items_are_fine(consumer, producer, arguments)
        )

    def _items_are_fine(self, consumer: Node, producer: Node, arguments: int) -> bool:
        if producer.kind == "aten::cat":
            items = _items_of(producer)
            if items is None or device_of(items.inputs) is None:
                return False
            if device_of(items.inputs) != device_of(consumer.inputs):
                return False
            if not all(self._is_on_device(value.node) for value in items.inputs):
                return False
            return arguments + len(items.inputs) <= _MOST_ARGUMENTS
        if consumer.kind == "aten::cat":
            items = _items_of(consumer)
            if items is None or device_of(items.inputs) is None:
                return False
            return arguments + len(items.inputs) <= _MOST_ARGUMENTS
        return self._is_on_device(producer)

    def _is_on_device(self, node: Node) -> bool:
        for value in node.inputs:
            if value.node.kind == "prim::ListConstruct" and not self._is_on_device(value.node):
                return False
            if isinstance(value.type, TensorType) and not self._choice.allows(value.type.device):
                return False
        return True

    def _types_are_supported(self, node: Node) -> bool:
        key = operator_key(node)
        if not all(_is_supported(value, key) for value in node.inputs):
            return False
        if key == "aten::pow.Tensor_Scalar" and _dtype(node.inputs[0]) not in _FLOATS:
            return False
        if key in _ON_CPU and (self._choice.is_dynamic or not _is_on(node, "cpu")):
            return False
        if key in _ON_GPU and not _is_on(node, "cuda"):
            return False
        if node.kind == "aten::to" and not _stays_on_device(node):
            return False
        if node.kind in _CASTS and not _casts_something(node):
            return False
        if node.kind == "aten::unsqueeze" and not node.inputs[1].node.is_constant:
            return False
        if node.kind in ("aten::conv2d", "aten::_convolution"):
            return is_fusible_convolution(node)
        return node.kind != "aten::matmul" or is_small_product(node)


def device_of(values: Sequence[Value]) -> str | None:
    """The device of the tensors among values, None if it is not known or not one."""
    found: str | None = None
    for value in values:
        device = value.type.device if isinstance(value.type, TensorType) else None
        if device is not None:
            if found is not None and found != device:
                return None
            found = device
    return found


def starts_no_group(node: Node) -> bool:
    """Whether the node is grouped only together with somebody who reads what it gives."""
    if node.kind in VIEWS or node.kind in ("prim::ListConstruct", "prim::Constant"):
        return True
    # What eager execution skips would become a copy.
    return node.kind == "aten::to" and node.inputs[0].type == node.output.type


def _device_of_node(node: Node) -> str | None:
    if node.kind != "aten::cat":
        return device_of(node.inputs)
    items = _items_of(node)
    return None if items is None else device_of(items.inputs)


def _items_of(cat: Node) -> Node | None:
    """The list that a concatenation of constant dimension alone reads, None if there is no such list."""
    items = cat.inputs[0].node
    is_plain = items.kind == "prim::ListConstruct" and items.output.use_count == 1
    return items if is_plain and cat.inputs[1].node.is_constant else None


def _all_shapes_are_known(node: Node) -> bool:
    for value in node.inputs:
        if not _shape_is_known(value):
            return False
        if value.node.kind == "prim::ListConstruct" and not _all_shapes_are_known(value.node):
            return False
    return all(map(_shape_is_known, node.outputs))


def _shape_is_known(value: Value) -> bool:
    return not isinstance(value.type, TensorType) or known_shape(value.type) is not None


def _are_on_one_device(consumer: Node, producer: Node) -> bool:
    if "aten::cat" in (consumer.kind, producer.kind):
        return True
    device = device_of(consumer.inputs)
    return device is not None and device == device_of(producer.inputs)


def _is_read_here_alone(producer: Node, consumer: Node) -> bool:
    return producer.kind not in VIEWS or all(user is consumer for user, _ in producer.outputs[0].use_map)


def _is_supported(value: Value, key: str | None) -> bool:
    kind = value.type
    if not isinstance(kind, TensorType):
        return (key not in _OF_FLOATS or kind is FLOAT) and (key not in _OF_INTEGERS or kind is INT)
    if kind.dtype is None or kind.device is None or kind.dtype in _NEVER:
        return False
    if kind.dtype in _NOT_ON_CPU and kind.device.startswith("cpu"):
        return False
    is_float = kind.dtype in _FLOATS
    return not (key in _OF_FLOATS and not is_float) and not (key in _OF_INTEGERS and is_float)


def _dtype(value: Value) -> str | None:
    return value.type.dtype if isinstance(value.type, TensorType) else None


def _is_on(node: Node, kind: str) -> bool:
    device = device_of(node.inputs) or device_of(node.outputs)
    return device is not None and device.partition(":")[0] == kind


def _stays_on_device(node: Node) -> bool:
    device = device_of(node.inputs)
    if device is None or device != device_of(node.outputs):
        return False
    return all(value.node.is_constant for value in node.inputs[1:]) and not _pins_memory(node)


def _casts_something(node: Node) -> bool:
    if not all(value.node.is_constant for value in node.inputs[1:]) or _pins_memory(node):
        return False
    return not _is_on(node, "cpu") or _dtype(node.inputs[0]) == _CASTS[node.kind]


def _pins_memory(node: Node) -> bool:
    schema = schema_of(node)
    place = None if schema is None else schema.argument_index("pin_memory")
    if place is None or node.inputs[place].type is NONE:
        return False
    return constant_bool(node.inputs[place]) is not False


def _has_shape_function(node: Node) -> bool:
    if node.kind == "aten::log_softmax":
        return False  # alone of all that is fused
    return node.kind in ("prim::ListConstruct", GROUP) or node.kind.startswith("aten::")
