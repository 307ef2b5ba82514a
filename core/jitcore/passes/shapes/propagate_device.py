"""Tells on which device tensors are, as far as the types of the inputs tell it.

graph(%x : Tensor(device=cpu)):                 graph(%x : Tensor(device=cpu)):
  %1 : Tensor = aten::relu(%x)            ->      %1 : Tensor(device=cpu) = aten::relu(%x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ops.lookup import matches, schema_of
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import NOT_CONSTANT, constant_of
from jitcore.passes.shapes.property_propagation import PropertyPropagation
from jitcore.passes.shapes.tensor_types import with_device
from jitcore.types import DEVICE, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node

_TO: Final = {"aten::cpu": "cpu", "aten::cuda": "cuda", "aten::to_mkldnn": "mkldnn"}
_AS_INPUT: Final = {"aten::reshape_as": 0, "aten::view_as": 0, "aten::expand_as": 0, "aten::type_as": 1}


class PropagateDevice(Pass):
    """Note the devices of tensors in their types.

    %1 : Tensor = aten::relu(%x), %x on a CPU    ->    %1 : Tensor(device=cpu) = aten::relu(%x)

    A result is where the inputs are, if they agree, or where a constant argument says; tensors without
    dimensions on a CPU follow the others. Where branches of an if, or rounds of a loop, differ, nothing is
    known. As torch/csrc/jit/passes/device_type_analysis.cpp.
    """

    name: ClassVar[str] = "propagate-device"
    counterpart: ClassVar[str] = "_jit_pass_propagate_device"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks."""
        return _DevicePropagation(graph).run()


class _DevicePropagation(PropertyPropagation):
    def node(self, node: Node) -> None:
        if not node.kind.startswith("aten::") or schema_of(node) is None:
            return
        if any(isinstance(output.type, TensorType) for output in node.outputs):
            found = _device_of_result(node)
            if found is not None:
                kinds = [(value, value.type) for value in node.outputs]
                self.assign(
                    node,
                    [
                        (value, with_device(kind, *found))
                        for value, kind in kinds
                        if isinstance(kind, TensorType)
                    ],
                )


def _device_of_result(node: Node) -> tuple[str | None] | None:
    """The device of what a node gives, None in it where nobody knows; None where nothing is to be said."""
    if node.kind in _TO and matches(node, node.kind):
        return (_TO[node.kind],)
    place = _AS_INPUT.get(node.kind)
    if place is not None and matches(node, node.kind):
        kind = node.inputs[place].type
        return (kind.device if isinstance(kind, TensorType) else None,)
    schema = schema_of(node)
    for argument, value in zip(schema.arguments if schema is not None else (), node.inputs, strict=False):
        if not is_subtype(DEVICE, argument.type):
            continue
        device = constant_of(value)
        if device is None:
            continue
        if device is NOT_CONSTANT or value.type is not DEVICE:
            return None
        return (str(device),)
    return (_common_device([v.type for v in node.inputs if isinstance(v.type, TensorType)]),)


def _common_device(kinds: list[TensorType]) -> str | None:
    if not kinds:
        return None
    device, may_follow = kinds[0].device, _is_cpu_number(kinds[0])
    for kind in kinds[1:]:
        if _is_cpu_number(kind) or kind.device == device:
            continue
        if not may_follow:
            return None
        device, may_follow = kind.device, False
    return device


def _is_cpu_number(kind: TensorType) -> bool:
    """Whether a tensor has no dimensions and is on a CPU: operators take it to where the others are."""
    return kind.sizes == () and kind.device == "cpu"
