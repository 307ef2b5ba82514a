"""Convolutions and products that a fusion group may hold.

As conv2dIsSupportedJit, mkldnnPrepackedConvIsSupportedJit and matmulIsSupported of libtorch
(torch/csrc/jit/tensorexpr/kernel.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.passes.constants import NOT_CONSTANT, constant_int, constant_of
from jitcore.passes.shapes.tensor_types import known_shape, strides_in_order
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value

_GROUPS: Final = {"aten::conv2d": 6, "aten::_convolution": 8}
_NATIVE_IS_FASTER_UP_TO: Final = 20480
"""Elements of an image that oneDNN is not asked for."""


def is_small_product(node: Node) -> bool:
    """Whether `aten::matmul` multiplies two matrices of known sizes, each in order."""
    shapes = [_shape(value) for value in node.inputs[:2]]
    return all(
        shape is not None and len(shape) == 2 and _is_in_order(value)
        for shape, value in zip(shapes, node.inputs, strict=False)
    )


def is_fusible_convolution(node: Node) -> bool:
    """Whether the fuser computes the convolution: by channels with windows of 3x3, or packed for oneDNN."""
    if node.kind == "aten::_convolution" and not _is_in_two_dimensions(node):
        return False
    return _is_by_channels(node) or _is_packed(node)


def _is_in_two_dimensions(node: Node) -> bool:
    lists = [constant_of(node.inputs[place]) for place in (3, 4, 5, 7)]
    transposed = constant_of(node.inputs[6])
    return transposed is False and all(isinstance(each, list) and len(each) == 2 for each in lists)


def _is_by_channels(node: Node) -> bool:
    tensors = node.inputs[:3]
    shapes = [_shape(value) for value in tensors]
    settings = _settings(node)
    if settings is None or not all(_is_in_order(value) and _dtype(value) == "float32" for value in tensors):
        return False
    image, weight, bias = shapes
    if image is None or weight is None or bias is None or (len(image), len(weight), len(bias)) != (4, 4, 1):
        return False
    stride, padding, dilation, groups = settings
    is_depthwise = image[1] == weight[0] == groups and weight[1] == 1
    are_even = stride[0] == stride[1] and padding[0] == padding[1]
    return is_depthwise and weight[2:] == [3, 3] and are_even and dilation == [1, 1]


def _is_packed(node: Node) -> bool:
    image, weight = (_shape(value) for value in node.inputs[:2])
    settings = _settings(node)
    if image is None or weight is None or settings is None:
        return False
    if not all(value.node.is_constant for value in node.inputs[1:3]):
        return False
    if not all(_has_channels_last(value) and _dtype(value) == "float32" for value in node.inputs[:2]):
        return False
    elements = image[0] * image[1] * image[2] * image[3]
    has_large_windows = weight[2] > 3 and weight[3] > 3
    return settings[3] > 1 or has_large_windows or image[0] > 1 or elements > _NATIVE_IS_FASTER_UP_TO


def _settings(node: Node) -> tuple[list[int], list[int], list[int], int] | None:
    """Stride, padding, dilation and groups, each of the first three in two dimensions; None if unknown."""
    pairs: list[list[int]] = []
    for value in node.inputs[3:6]:
        constant = constant_of(value)
        pair = [constant, constant] if isinstance(constant, int) else constant
        if constant is NOT_CONSTANT or not isinstance(pair, list) or len(pair) != 2:
            return None
        pairs.append([number for number in pair if isinstance(number, int)])
    groups = constant_int(node.inputs[_GROUPS[node.kind]])
    return None if groups is None else (pairs[0], pairs[1], pairs[2], groups)


def _shape(value: Value) -> list[int] | None:
    kind = value.type
    known = known_shape(kind) if isinstance(kind, TensorType) else None
    return None if known is None else known[0]


def _dtype(value: Value) -> str | None:
    return value.type.dtype if isinstance(value.type, TensorType) else None


def _is_in_order(value: Value) -> bool:
    kind = value.type
    known = known_shape(kind) if isinstance(kind, TensorType) else None
    return known is not None and tuple(known[1]) == strides_in_order(known[0])


def _has_channels_last(value: Value) -> bool:
    kind = value.type
    known = known_shape(kind) if isinstance(kind, TensorType) else None
    if known is None or len(known[0]) != 4:
        return False
    batch, channels, height, width = known[0]
    inner = strides_in_order([batch, height, width, channels])
    return known[1] == [inner[0], inner[3], inner[1], inner[2]]
