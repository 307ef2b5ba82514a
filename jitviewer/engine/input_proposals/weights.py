"""Finds the weights that operators of an inlined graph read, by the attributes that lead to them."""

from __future__ import annotations

from typing import NamedTuple

from jitcore.archive import LazyTensor
from jitcore.ir import ScriptObject, Value

_THROUGH = frozenset({"aten::t", "aten::transpose", "aten::detach", "aten::to", "aten::contiguous"})


class Weight(NamedTuple):
    """A tensor of the model and the dotted path of the module that holds it ("" for the model itself)."""

    tensor: LazyTensor
    owner: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape as it is stored."""
        return self.tensor.shape


def weight_of(value: Value, module: ScriptObject) -> Weight | None:
    """The weight behind a value: read from an attribute, transposed perhaps, or packed in an object.

    Of several tensors (a packed weight and its bias, the list of an LSTM) it is the first that has
    more than one dimension.
    """
    node = value.node
    while node.kind in _THROUGH:
        node = node.inputs[0].node
    if node.kind == "prim::ListConstruct" and node.inputs:
        return weight_of(node.inputs[0], module)
    if node.kind == "prim::Constant":
        found: object = node.attributes.get("value")
        path: list[str] = []
    else:
        path = _path(node.outputs[0]) if node.outputs else []
        found = attribute_at(path, module) if path else None
    tensor = _first_matrix(found)
    return Weight(tensor, ".".join(path[:-1])) if tensor is not None else None


def attribute_at(path: list[str], module: ScriptObject) -> object:
    """What the attributes lead to; for an object that is not set up yet, the state it will be made of."""
    current: object = module
    for name in path:
        if not isinstance(current, ScriptObject):
            return None
        if name not in current.attributes and current.has_state:
            return current.state
        current = current.attributes.get(name)
    if isinstance(current, ScriptObject) and current.has_state:
        return current.state
    return current


def constant_of(value: Value, module: ScriptObject) -> object:
    """A constant, a list of constants, or the value of an attribute that is no tensor; None for others."""
    if value.node.kind in ("prim::ListConstruct", "prim::TupleConstruct"):
        return [_single_constant_of(v, module) for v in value.node.inputs]
    return _single_constant_of(value, module)


def _single_constant_of(value: Value, module: ScriptObject) -> object:
    node = value.node
    if node.kind == "prim::Constant":
        return node.attributes.get("value")
    path = _path(value)
    return attribute_at(path, module) if path else None


def parameter_count(module: ScriptObject) -> int:
    """Elements of all tensors of the module and what is below it."""
    return sum(
        value.numel
        for _, child in module.named_modules()
        for value in child.attributes.values()
        if isinstance(value, LazyTensor)
    )


def _first_matrix(found: object) -> LazyTensor | None:
    if isinstance(found, LazyTensor):
        return found if len(found.shape) > 1 else None
    if isinstance(found, list | tuple):
        return next((m for item in found if (m := _first_matrix(item)) is not None), None)
    return None


def _path(value: Value) -> list[str]:
    names: list[str] = []
    node = value.node
    while node.kind == "prim::GetAttr":
        names.append(str(node.attributes["name"]))
        node = node.inputs[0].node
    names.reverse()
    return names
