"""Computes a node whose inputs are constants, from what its operator means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import DeviceName, GeneratorValue, ScriptObject
from jitcore.ops import kernels
from jitcore.ops.lookup import key_of_schema, schema_of
from jitcore.passes.base import EvaluationError
from jitcore.passes.constants import constant_of, is_tensor, type_of_constant
from jitcore.passes.folding_limits import FoldingLimits
from jitcore.types import NONE, ClassType, TensorType, Type, is_subtype

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Node
    from jitcore.passes.base import Evaluator

_DEFAULT_SEED: Final = 67280421310721
"""What torch's generators start from unless they are told."""


class ConstantEvaluator:
    """Computes nodes with the kernels of the core, and tensor operators with `evaluate` if it is given.

    `needed_torch` counts the nodes that were left for want of an evaluator, `refusals` the reasons
    for which one refused, with how often.
    """

    def __init__(self, evaluate: Evaluator | None) -> None:
        self._evaluate = evaluate
        self.needed_torch = 0
        self.refusals: dict[str, int] = {}
        self._limits = FoldingLimits()

    def compute(self, node: Node) -> list[object] | None:
        """The values of the outputs; None if they cannot be computed, are too large or no constants."""
        values = self.values_of(node, [constant_of(value) for value in node.inputs])
        if values is None or len(values) != len(node.outputs):
            return None
        if any(is_tensor(value) and getattr(value, "requires_grad", False) for value in values):
            # It would have to be trained, so it is no constant.
            return None
        return values if self._limits.may_keep(values) else None

    def values_of(self, node: Node, inputs: list[object]) -> list[object] | None:
        """The values of the outputs for those of the inputs; None if they cannot be computed."""
        structural = _STRUCTURAL.get(node.kind)
        return structural(node, inputs) if structural is not None else self._run(node, inputs)

    def _run(self, node: Node, inputs: list[object]) -> list[object] | None:
        schema = schema_of(node)
        if schema is None or schema.is_vararg:
            return None
        key = key_of_schema(schema)
        if key in kernels.NOT_FOLDED:
            return None
        kernel = kernels.find(key)
        if kernel is not None and not any(is_tensor(value) for value in inputs):
            if _has_cast_none(node, inputs) or not self._limits.may_compute(key, inputs):
                return None
            try:
                result = kernel(*inputs)
            except kernels.TorchScriptError:
                # It would fail in a run too, if the run ever got there.
                return None
            return list(result) if len(node.outputs) > 1 and isinstance(result, tuple) else [result]
        if self._evaluate is None:
            if any(isinstance(output.type, TensorType) for output in (*node.inputs, *node.outputs)):
                self.needed_torch += 1
            return None
        try:
            return self._evaluate(node, schema, inputs)
        except EvaluationError as refusal:
            reason = str(refusal)
            self.refusals[reason] = self.refusals.get(reason, 0) + 1
            return None


def _has_cast_none(node: Node, inputs: Sequence[object]) -> bool:
    """Whether a value is None that was cast to what it is not, as where no run ever comes."""
    return any(
        value is None and not is_subtype(NONE, given.type)
        for value, given in zip(inputs, node.inputs, strict=True)
    )


def _list_unpack(node: Node, inputs: Sequence[object]) -> list[object] | None:
    items = inputs[0]
    return list(items) if isinstance(items, list) and len(items) == len(node.outputs) else None


def _tuple_unpack(_node: Node, inputs: Sequence[object]) -> list[object] | None:
    items = inputs[0]
    return list(items) if isinstance(items, tuple) else None


def _tuple_index(_node: Node, inputs: Sequence[object]) -> list[object] | None:
    items, index = inputs
    if not isinstance(items, tuple) or not isinstance(index, int) or not -len(items) <= index < len(items):
        return None
    return [items[index]]


def _tuple_construct(_node: Node, inputs: Sequence[object]) -> list[object]:
    return [tuple(inputs)]


def _list_construct(_node: Node, inputs: Sequence[object]) -> list[object]:
    return [list(inputs)]


def _dict_construct(_node: Node, inputs: Sequence[object]) -> list[object]:
    return [dict(zip(inputs[::2], inputs[1::2], strict=True))]


def _create_object(node: Node, _inputs: Sequence[object]) -> list[object] | None:
    t = node.output.type
    return [ScriptObject(t)] if isinstance(t, ClassType) and not t.attributes else None


def _identity(_node: Node, inputs: Sequence[object]) -> list[object] | None:
    # Every other object has its number only in a run.
    return [0] if inputs[0] is None else None


def _get_attribute(node: Node, inputs: Sequence[object]) -> list[object] | None:
    holder = inputs[0]
    name = str(node.attributes["name"])
    if not isinstance(holder, ScriptObject) or name not in holder.attributes:
        return None
    return [holder.attributes[name]]


def _is_instance(node: Node, inputs: Sequence[object]) -> list[object] | None:
    asked = node.attributes.get("types")
    if not isinstance(asked, list | tuple):
        return None
    t = type_of_constant(inputs[0], node.inputs[0].type)
    return [any(isinstance(one, Type) and is_subtype(t, one) for one in asked)]


def _generator(_node: Node, inputs: Sequence[object]) -> list[object] | None:
    device, seed = inputs
    if device not in (None, "cpu") or not isinstance(seed, int | None):
        # Whether another device has generators only torch knows.
        return None
    return [GeneratorValue("cpu", _DEFAULT_SEED if seed is None else seed)]


def _device(_node: Node, inputs: Sequence[object]) -> list[object] | None:
    # Named here, as the graph holds a device by its name, and torch would give an object.
    [tensor] = inputs
    if not is_tensor(tensor) or getattr(tensor, "shape", None) is None:
        return None
    return [DeviceName(str(getattr(tensor, "device", "cpu")))]


def _unchanged(_node: Node, inputs: Sequence[object]) -> list[object]:
    return [inputs[0]]


_STRUCTURAL: dict[str, Callable[[Node, list[object]], list[object] | None]] = {
    "prim::ListUnpack": _list_unpack,
    "prim::TupleUnpack": _tuple_unpack,
    "prim::TupleIndex": _tuple_index,
    "prim::TupleConstruct": _tuple_construct,
    "prim::ListConstruct": _list_construct,
    "prim::DictConstruct": _dict_construct,
    "prim::CreateObject": _create_object,
    "prim::GetAttr": _get_attribute,
    "prim::id": _identity,
    "prim::device": _device,
    "prim::isinstance": _is_instance,
    "prim::unchecked_cast": _unchanged,
    "aten::Generator": _generator,
}
