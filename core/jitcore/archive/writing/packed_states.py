"""States of packed weights that nobody packed yet, as torch's classes of C++ save them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final, cast

from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyStorage, LazyTensor
from jitcore.types import STRING, TENSOR, ListType, OptionalType, TupleType

if TYPE_CHECKING:
    from jitcore.ir import PackedObject
    from jitcore.types import Type

_LINEAR: Final = frozenset({"quantized::linear_prepack", "quantized::linear_prepack_fp16"})
_DIMENSIONS: Final = {
    "quantized::conv1d_prepack": 1, "quantized::conv2d_prepack": 2, "quantized::conv3d_prepack": 3,
    "quantized::conv_prepack": 2, "quantized::conv_transpose1d_prepack": 1,
    "quantized::conv_transpose2d_prepack": 2, "quantized::conv_transpose3d_prepack": 3,
}  # fmt: skip
_BIAS: Final = OptionalType(TENSOR)
_SHORT: Final = STORAGE_TYPES["ShortStorage"]


def packed_state(packed: PackedObject) -> tuple[object, Type]:
    """What the class's own `__getstate__` would give, and its type.

    Of linear layers it is weight and bias, of convolutions the second version of
    aten/src/ATen/native/quantized/cpu/conv_serialization.h. Raises `ArchiveError` for others.
    """
    arguments = cast("list[Any]", packed.state)
    if packed.operator in _LINEAR:
        return tuple(arguments), TupleType((TENSOR, _BIAS))
    dimensions = _DIMENSIONS.get(packed.operator)
    if dimensions is None:
        raise ArchiveError(f"{packed.type.qualified_name} saves itself, which needs torch")
    transposed = "transpose" in packed.operator
    weight, bias, stride, padding = arguments[:4]
    output_padding = arguments[4] if transposed else [0] * dimensions
    dilation, groups = arguments[-2:]
    if dimensions == 1:
        # It is computed in two dimensions, of which the first is 1.
        weight = _with_height(weight)
        stride, padding, dilation = [1, *stride], [0, *padding], [1, *dilation]
        output_padding = [0, *output_padding]
    numbers = [len(stride), *stride, *padding, *dilation, *output_padding, groups, int(transposed)]
    state = "2", [_shorts(numbers), weight], [bias]
    return state, TupleType((STRING, ListType(TENSOR), ListType(_BIAS)))


def _with_height(weight: LazyTensor) -> LazyTensor:
    outputs, inputs, width = weight.shape
    strides = (*weight.strides[:2], weight.strides[2] * width, weight.strides[2])
    shape = (outputs, inputs, 1, width)
    return LazyTensor(weight.storage, weight.offset, shape, strides, quantizer=weight.quantizer)


def _shorts(numbers: list[int]) -> LazyTensor:
    data = memoryview(struct.pack(f"<{len(numbers)}h", *numbers))
    storage = LazyStorage(_SHORT, "computed", "cpu", len(numbers), lambda _record: data)
    return LazyTensor(storage, 0, (len(numbers),), (1,))
