"""When two nodes compute the same: equal kind, types, inputs and attributes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from jitcore.ir import CONSTANT, EnumValue, GeneratorValue, MkldnnTensor, ScriptObject, is_native_object
from jitcore.ir.tensor_contents import TensorContents
from jitcore.passes.constants import dtype_name, is_tensor, strides_of
from jitcore.printing.tensor_elements import elements_of
from jitcore.types import Type

if TYPE_CHECKING:
    from collections.abc import Hashable

    import numpy

    from jitcore.ir import Node


_CROWDED: Final = 8
"""Nodes of one digest from which on their tensors are told apart by what they hold."""

_FEW: Final = 64
"""Elements of a tensor that are compared one by one."""


class NodeTable:
    """A set of nodes in which an equal node can be looked up, by the digest that `digest_of` gives."""

    __slots__ = ("_buckets", "_contents", "_crowded")

    def __init__(self) -> None:
        self._buckets: dict[Hashable, list[Node]] = {}
        self._crowded: dict[Hashable, dict[Hashable, list[Node]]] = {}
        self._contents = TensorContents()

    def find(self, node: Node, digest: Hashable) -> Node | None:
        """The node of the table that equals `node`."""
        if digest not in self._buckets:
            return None
        return next((other for other in self._candidates(node, digest) if equal_nodes(other, node)), None)

    def find_or_add(self, node: Node, digest: Hashable) -> Node | None:
        """The node of the table that equals `node`; if there is none, `node` is added and None returned."""
        bucket = self._candidates(node, digest)
        for candidate in bucket:
            if equal_nodes(candidate, node):
                return candidate
        bucket.append(node)
        return None

    def _candidates(self, node: Node, digest: Hashable) -> list[Node]:
        """Nodes that may be equal to `node`; only where they are many, their tensors are read."""
        bucket = self._buckets.setdefault(digest, [])
        if len(bucket) < _CROWDED or node.kind != CONSTANT:
            return bucket
        parts = self._crowded.get(digest)
        if parts is None:
            parts = self._crowded[digest] = {}
            for each in bucket:
                parts.setdefault(self._contents.of(each.attributes.get("value")), []).append(each)
        return parts.setdefault(self._contents.of(node.attributes.get("value")), [])


def digest_of(node: Node) -> Hashable:
    """Something that equal nodes share, and others seldom do; no tensor is read for it."""
    outputs, attributes = node.outputs, node.attributes
    types = hash(outputs[0].type) if len(outputs) == 1 else tuple([hash(value.type) for value in outputs])
    inputs = tuple([value.unique for value in node.inputs])
    if not attributes:
        return node.kind, types, inputs
    value = _described(attributes.get("value")) if node.kind == CONSTANT else None
    return node.kind, types, inputs, value, _described(attributes.get("name"))


def _described(value: object) -> Hashable:
    """What values that `equal_attributes` calls equal share."""
    if isinstance(value, str):
        # A device's name may be of a class of its own, or not; the types of the outputs tell.
        return str, value
    if value is None or isinstance(value, bool | int | float | complex):
        return type(value), value
    if isinstance(value, list | tuple):
        return type(value), tuple([_described(item) for item in value])
    if isinstance(value, dict):
        return dict, tuple([(_described(key), _described(item)) for key, item in value.items()])
    if not is_tensor(value) or value.shape is None:  # type: ignore[attr-defined]  # see equal_tensors
        return None
    return dtype_name(value), tuple(value.shape)  # type: ignore[attr-defined]


def equal_nodes(a: Node, b: Node) -> bool:
    """Whether both nodes always give the same results, as far as their own description tells."""
    if a.kind != b.kind or len(a.outputs) != len(b.outputs) or len(a.inputs) != len(b.inputs):
        return False
    # Values are equal if they are the same.
    if a.inputs != b.inputs:
        return False
    for one, other in zip(a.outputs, b.outputs, strict=True):
        if one.type is not other.type and one.type != other.type:
            return False
    mine, theirs = a.attributes, b.attributes
    if len(mine) != len(theirs):
        return False
    for name, value in mine.items():
        if name not in theirs or not equal_attributes(value, theirs[name]):
            return False
    return not a.blocks and not b.blocks


def equal_attributes(a: object, b: object) -> bool:
    """Whether two attribute values are the same value of the same type; subgraphs never are."""
    if isinstance(a, Type):
        return isinstance(b, Type) and a == b
    if is_tensor(a):
        return is_tensor(b) and equal_tensors(a, b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(equal_attributes(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(
            equal_attributes(key, other_key) and equal_attributes(item, other)
            for (key, item), (other_key, other) in zip(a.items(), b.items(), strict=True)
        )
    if isinstance(a, ScriptObject | EnumValue | GeneratorValue) or is_native_object(a):
        # libtorch compares where members of enums are kept, and each mention in a program keeps one.
        return a is b
    if a is None or isinstance(a, bool | int | float | complex):
        return a == b
    return False


def equal_tensors(a: object, b: object) -> bool:
    """Whether two tensors have the same dtype, device, shape and elements (NaN equals nothing).

    Those that are laid out for oneDNN never are, as in libtorch.
    """
    if isinstance(a, MkldnnTensor) or isinstance(b, MkldnnTensor):
        return False
    if a is b and not _may_hold_nan(a):
        return True
    if a.shape is None or b.shape is None:  # type: ignore[attr-defined]
        # A text told that there is a tensor and no more.
        return False
    if dtype_name(a) != dtype_name(b) or tuple(a.shape) != tuple(b.shape):  # type: ignore[attr-defined]
        return False
    if str(getattr(a, "device", "cpu")) != str(getattr(b, "device", "cpu")):
        return False
    equal = getattr(a, "equal", None)
    if equal is not None and type(a) is type(b):
        return bool(equal(b))
    if any(getattr(t, "quantizer", None) or getattr(t, "sparse", None) for t in (a, b)):
        # Scales and parts would have to be compared too; two such constants simply stay two.
        return False
    if math.prod(a.shape) <= _FEW:  # type: ignore[attr-defined]
        mine, other = elements_of(a), elements_of(b)
        return all(x == y for x, y in zip(mine, other, strict=True))
    # Most graphs hold no large constants, and numpy takes longer to import than an archive to open.
    import numpy

    return bool(numpy.array_equal(_array(a), _array(b)))


def _may_hold_nan(tensor: object) -> bool:
    """Whether a tensor that lies in memory as it is could differ from itself, as in libtorch."""
    if tensor.shape is None or getattr(tensor, "sparse", None) or strides_of(tensor) is None:  # type: ignore[attr-defined]
        return False
    return dtype_name(tensor).startswith(("float", "bfloat", "complex"))


def _array(tensor: object) -> numpy.ndarray:
    """The elements; those of an archive's tensor without torch."""
    to_numpy = getattr(tensor, "to_numpy", None)
    if to_numpy is not None:
        return to_numpy()
    return tensor.detach().cpu().numpy()  # type: ignore[attr-defined]  # a torch tensor
