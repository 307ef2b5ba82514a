"""Checks before operators in which torch trusts sizes, strides, indices or numbers that it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.class_states import why_not_packed
from jitcore.exec.errors import ExecutionError
from jitcore.types import OptionalType
from jitcore.types.base import LAYOUT, MEMORY_FORMAT, SCALAR_TYPE

if TYPE_CHECKING:
    from jitcore.exec.operators import BoundCall
    from jitcore.types import FunctionSchema, Type

Check = Callable[[Sequence[Any]], None]
"""Takes the arguments of an operator in the order of its schema; raises `ExecutionError`."""

_MOST: Final[dict[Type, int]] = {SCALAR_TYPE: 45, LAYOUT: 7, MEMORY_FORMAT: 3}
"""The highest numbers that torch has names for; with others its tables are read beyond their ends."""


def checker(schema: FunctionSchema, constants: Sequence[object]) -> Check | None:
    """What must hold before the operator is called; None if torch checks all of it itself.

    `constants` are the arguments as far as they are known (others may be anything).
    """
    own = _CHECKS.get(schema.name)
    numbered = [
        (index, argument.name, most)
        for index, (argument, value) in enumerate(zip(schema.arguments, constants, strict=False))
        if (most := _MOST.get(_bare(argument.real_type))) is not None and not _is_named(value, most)
    ]
    if own is None and not numbered:
        return None
    names = tuple(argument.name for argument in schema.arguments)

    def check(values: Sequence[Any]) -> None:
        for index, name, most in numbered:
            if isinstance(values[index], int) and not _is_named(values[index], most):
                raise ExecutionError(f"torch has no {name} of the number {values[index]}")
        if own is not None:
            own(dict(zip(names, values, strict=False)))

    return check


def in_order(bound: BoundCall) -> Callable[..., Any]:
    """What calls the operator with all its arguments in the order of its schema."""
    function, order = bound.function, tuple(bound.dynamic)
    return lambda *values: function(*(values[index] for index in order))


def checked(check: Check, bound: BoundCall) -> Callable[..., Any]:
    """What calls the operator with all its arguments once they have passed the check."""
    function = in_order(bound)

    def call(*values: Any) -> Any:
        check(values)
        return function(*values)

    return call


def with_own_indices(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` of the operator, where it shares the indices of a sparse tensor: with copies of them.

    They are checked when the tensor is made, and a program that writes to them afterwards would lead
    the kernels beyond it. Values are shared as ever.
    """
    if name in _GIVE_INDICES:
        return lambda *given, **named: function(*given, **named).clone()
    taken = _TAKE_INDICES.get(name)
    if taken is None:
        return function
    return lambda *given, **named: function(
        *(value.clone() if isinstance(value, torch.Tensor) and i < taken else value
          for i, value in enumerate(given)), **named
    )  # fmt: skip


_GIVE_INDICES: Final = frozenset({
    "aten::_indices", "aten::indices", "aten::crow_indices", "aten::col_indices", "aten::ccol_indices",
    "aten::row_indices", "aten::_nested_tensor_size", "aten::_nested_tensor_strides",
    "aten::_nested_tensor_storage_offsets",
})  # fmt: skip

_TAKE_INDICES: Final[dict[str, int]] = {
    "aten::sparse_coo_tensor": 1, "aten::sparse_compressed_tensor": 2, "aten::sparse_csr_tensor": 2,
    "aten::sparse_csc_tensor": 2, "aten::sparse_bsr_tensor": 2, "aten::sparse_bsc_tensor": 2,
}  # fmt: skip
"""How many of the first arguments are indices."""


def _bare(kind: Type) -> Type:
    return kind.element if isinstance(kind, OptionalType) else kind


def _is_named(value: object, most: int) -> bool:
    return value is None or (isinstance(value, int) and 0 <= value <= most)


def _within_storage(values: dict[str, Any]) -> None:
    x, sizes, strides = values["self"], values["size"], values["stride"]
    if len(sizes) != len(strides):
        raise ExecutionError("sizes and strides have different lengths")
    if any(number < 0 for number in (*sizes, *strides)):
        raise ExecutionError("sizes and strides are not negative")
    if 0 in sizes:
        return
    last = x.storage_offset() + sum((n - 1) * s for n, s in zip(sizes, strides, strict=True))
    if (last + 1) * x.element_size() > x.untyped_storage().nbytes():
        raise ExecutionError(f"sizes {sizes} with strides {strides} lead beyond the tensor's storage")


def _per_channel(values: dict[str, Any]) -> None:
    """Weight, bias and statistics of a batch normalization have an element for each channel."""
    x = values.get("input", values.get("self"))
    if x is None or x.dim() < 2:
        raise ExecutionError("expected an input of two dimensions or more")
    channels = x.shape[1]
    for name in ("weight", "bias", "running_mean", "running_var", "save_mean", "save_invstd"):
        given = values.get(name)
        if isinstance(given, torch.Tensor) and given.numel() != channels:
            raise ExecutionError(f"{name} has {given.numel()} elements for {channels} channels")


def _repeats(values: dict[str, Any]) -> None:
    repeats, size = values.get("repeats"), values.get("output_size")
    if size is None or not isinstance(repeats, torch.Tensor) or repeats.device.type == "meta":
        return
    counts = repeats.tolist()
    counts = [counts] if isinstance(counts, int) else counts
    if len(counts) > 1 and (min(counts) < 0 or sum(counts) != size):
        raise ExecutionError(f"the repeats do not add up to the output size {size}")


def _bags(values: dict[str, Any]) -> None:
    """Offsets start bags within the indices; torch looks at the first of them only."""
    indices, offsets = values["indices"], values["offsets"]
    if offsets.device.type == "meta" or indices.dim() != 1:
        return
    if not offsets.numel():
        if indices.numel():
            raise ExecutionError("there are indices but no offsets")
        return
    starts = offsets.detach()
    if bool((starts < 0).any()) or bool((starts > indices.numel()).any()) or bool((starts.diff() < 0).any()):
        raise ExecutionError("offsets rise from 0 to no more than the number of indices")


def _pooled(values: dict[str, Any]) -> None:
    """Indices of a pooling lie within a plane of its input."""
    indices, x = values["indices"], values["self"]
    plane = 1
    for size in x.shape[-_PLANES[x.dim()] :] if x.dim() in _PLANES else ():
        plane *= size
    if indices.numel() and indices.device.type != "meta":
        low, high = (int(number) for number in indices.aminmax())
        if low < 0 or high >= plane:
            raise ExecutionError("an index lies outside of what was pooled")
    if values["grad_output"].shape != indices.shape:
        raise ExecutionError("gradient and indices have different shapes")


_PLANES: Final = {3: 2, 4: 2, 5: 3}


def _pivots(values: dict[str, Any]) -> None:
    data, pivots = values["LU_data"], values["LU_pivots"]
    if data.dim() < 2 or pivots.shape != (*data.shape[:-2], min(data.shape[-2:])):
        raise ExecutionError("the pivots do not fit the factors")


def _segments(values: dict[str, Any]) -> None:
    """Lengths or offsets of segments stay within the axis, where the program asks torch not to look."""
    if not values.get("unsafe"):
        return
    count = values["data"].shape[values.get("axis") or 0]
    lengths, offsets = values.get("lengths"), values.get("offsets")
    if lengths is not None and lengths.numel():
        fits = bool((lengths >= 0).all()) and bool((lengths.sum(-1) <= count).all())
    elif offsets is not None and offsets.numel():
        rises = bool((offsets.diff(dim=-1) >= 0).all())
        fits = rises and bool((offsets >= 0).all()) and bool((offsets <= count).all())
    else:
        return
    if not fits:
        raise ExecutionError(f"the segments lead beyond the {count} elements of the axis")


def _prepacked(values: dict[str, Any]) -> None:
    weight = values.get("weight", values.get("W"))
    if isinstance(weight, torch.Tensor) and weight.is_quantized:
        reason = why_not_packed(weight, "output_padding" in values, values.get("groups", 1))
        if reason:
            raise ExecutionError(f"the weight cannot be packed: {reason}")


_PREPACKED: Final = tuple(
    f"{namespace}::{name}_prepack"
    for namespace in ("quantized", "_quantized")
    for name in (
        "linear", "conv", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
        "conv_transpose3d",
    )
)  # fmt: skip

_CHECKS: Final[dict[str, Callable[[dict[str, Any]], None]]] = {
    "aten::_reshape_alias": _within_storage,
    "aten::_reshape_alias_copy": _within_storage,
    **dict.fromkeys(
        ("aten::native_batch_norm", "aten::_native_batch_norm_legit", "aten::_batch_norm_no_update",
         "aten::_native_batch_norm_legit_functional", "aten::_native_batch_norm_legit_no_training",
         "aten::_batch_norm_with_update", "aten::_batch_norm_with_update_functional",
         "aten::batch_norm_update_stats", "aten::native_batch_norm_backward", "aten::batch_norm_backward",
         "aten::_batch_norm_impl_index_backward"),
        _per_channel,
    ),
    "aten::repeat_interleave": _repeats,
    **dict.fromkeys(
        ("aten::embedding_bag", "aten::_embedding_bag", "aten::_embedding_bag_forward_only"), _bags
    ),
    "aten::max_pool2d_with_indices_backward": _pooled,
    "aten::lu_unpack": _pivots,
    **dict.fromkeys(_PREPACKED, _prepacked),
    "aten::segment_reduce": _segments,
}  # fmt: skip
