"""Sizes, strides and indices that lead to places in a tensor: of views, segments, and compressed layouts."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import torch

from jitcore.exec.contracts.given import Contract, Given


def _within_storage(given: Given) -> None:
    x, sizes, strides = given["self"], given["size"], given["stride"]
    if len(sizes) != len(strides):
        given.refuse("sizes and strides have different lengths")
    if any(number < 0 for number in (*sizes, *strides)):
        given.refuse("sizes and strides are not negative")
    if 0 in sizes:
        return
    last = x.storage_offset() + sum((n - 1) * s for n, s in zip(sizes, strides, strict=True))
    if (last + 1) * x.element_size() > x.untyped_storage().nbytes():
        given.refuse(f"sizes {sizes} with strides {strides} lead beyond the tensor's storage")


def _segments(given: Given) -> None:
    """Segments stay within the axis; torch looks at lengths itself unless the program asks it not to."""
    for name in ("lengths", "offsets") if given["unsafe"] else ("offsets",):
        _segments_within(given, name)


def _segments_within(given: Given, name: str) -> None:
    if not given.has(name):
        return
    x, bounds, axis = given.tensor("data"), given.tensor(name), given["axis"]
    if not 0 <= axis < x.dim():
        given.refuse(f"axis is {axis}, and data has {x.dim()} dimensions")
    count = x.shape[axis]
    if bounds.dim() != axis + 1 or bounds.shape[:-1] != x.shape[:axis]:
        given.refuse(f"{name} has the shape {list(bounds.shape)}, and data {list(x.shape)} with axis {axis}")
    if bounds.device.type == "meta":
        return
    if name == "offsets":
        given.rising(name, count)
    elif bounds.numel():
        given.values_between(name, 0, count)
        if bool((bounds.sum(-1) > count).any()):
            given.refuse(f"the segments lead beyond the {count} elements of the axis")


def _segment_gradient(given: Given) -> None:
    _segments_within(given, "lengths")
    _segments_within(given, "offsets")
    x, axis = given.tensor("data"), given["axis"]
    for name in ("lengths", "offsets"):
        if given.has(name):
            segments = given[name].shape[-1] - (name == "offsets")
            reduced = (*x.shape[:axis], segments, *x.shape[axis + 1 :])
            given.shape("grad", reduced)
            given.shape("output", reduced)


def _to_compressed(given: Given) -> None:
    given.tensor("self", (1,))
    size = given["size"]
    if size < 0:
        given.refuse(f"size is {size}, and there cannot be fewer than 0 rows")
    given.values_between("self", 0, size - 1)


def _from_compressed(given: Given) -> None:
    rows, columns = given.tensor("crow_indices"), given.tensor("col_indices")
    if not rows.dim() or rows.shape[:-1] != columns.shape[:-1] or not rows.shape[-1]:
        given.refuse("crow_indices and col_indices are of different batches, or without rows")
    if rows.device.type == "meta":
        return
    given.rising("crow_indices", columns.shape[-1])
    if bool((rows[..., 0] != 0).any()) or bool((rows[..., -1] != columns.shape[-1]).any()):
        given.refuse(f"crow_indices do not rise from 0 to the {columns.shape[-1]} elements of col_indices")


def _masked(given: Given) -> None:
    """What the mask lets through is taken from somewhere."""
    x, indices = given.tensor("self"), given["indices"]
    named: list[int] = [
        size for size, index in zip(x.shape, indices, strict=False) if isinstance(index, torch.Tensor)
    ]
    if 0 in named:
        given.refuse(f"self has the shape {list(x.shape)}, and indices name places in it")


def _scan(given: Given) -> None:
    x = given.tensor("self")
    given.shape("values", x.shape)
    given.shape("indices", x.shape)
    given.number_between("dim", -max(x.dim(), 1), max(x.dim(), 1) - 1)


def _written(given: Given) -> None:
    """What is written to has the shape already, as no other is given to it."""
    x = given.tensor("self")
    given.shape("out", x.shape)
    given.same_type("out", x.dtype)


def _spectrum(given: Given) -> None:
    """Dimensions are named once, from the first; the real side has the elements that its size calls for."""
    x: Any = given.tensor("self")
    dims: list[int] = given["dim"]
    if len(set(dims)) != len(dims) or any(not 0 <= dim < x.dim() for dim in dims):
        given.refuse(f"dim is {dims} where different numbers from 0 to {x.dim() - 1} are expected")
    given.number_between("normalization", 0, 2)
    if given.has("last_dim_size") and dims:
        size, half = given["last_dim_size"], x.shape[dims[-1]]
        if size < 1 or size // 2 + 1 != half:
            given.refuse(f"last_dim_size is {size}, and dimension {dims[-1]} has {half} elements, not half")
    if dims and 0 in (x.shape[dim] for dim in dims):
        given.refuse(f"self has the shape {list(x.shape)}, and dim names a dimension without elements")


def _combined(given: Given) -> None:
    x, weights = given.tensor("input"), given.tensor("coefficients", (2,))
    if not x.dim():
        given.refuse("input has no dimension to combine")
    given.same_type("coefficients", x.dtype)
    given.same_type("out", x.dtype)
    given.shape("coefficients", (weights.shape[0], x.shape[0]))
    given.shape("out", (weights.shape[0], *x.shape[1:]))


def _pivots(given: Given) -> None:
    data, pivots = given["LU_data"], given["LU_pivots"]
    if data.dim() < 2 or pivots.shape != (*data.shape[:-2], min(data.shape[-2:])):
        given.refuse("the pivots do not fit the factors")


def _block_pivots(given: Given) -> None:
    """Negative pivots stand for blocks of two rows, so they come in pairs."""
    pivots = given.tensor("pivots")
    if pivots.device.type == "meta" or not pivots.dim():
        return
    for row in pivots.reshape(-1, max(pivots.shape[-1], 1)).tolist():
        for negative, run in groupby(row, key=lambda pivot: pivot < 0):
            if negative and len(list(run)) % 2:
                given.refuse(f"pivots are {row}, where a negative one lacks the other of its pair")


def _finite(given: Given) -> None:
    x = given.tensor("self")
    if x.device.type != "meta" and not bool(x.isfinite().all()):
        given.refuse("self holds an infinite number, or none")


def _triangular(given: Given) -> None:
    x, factor = given.tensor("self"), given.tensor("A")
    if x.dim() < 2 or factor.dim() < 2:
        given.refuse("self and A are not matrices")
    given.shape("A", (*x.shape[:-1], x.shape[-2]))


def _counted(given: Given) -> None:
    """A step of whole numbers is not nothing (torch looks before rounding), and 64 bits hold the distance."""
    kind = given["out"].dtype if given.has("out") else given.get("dtype")
    if kind not in _WHOLE:
        return
    if given.named("step") and abs(given["step"]) < 1:
        given.refuse("step must be nonzero")
    if abs(given["end"] - given.get("start", 0)) >= 1 << 63:
        given.refuse(f"end is {given['end']}, which is too far from the start for 64 bits")


_WHOLE = frozenset({
    0, 1, 2, 3, 4, 27, 28, 29, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16,
    torch.uint32, torch.uint64,
})  # fmt: skip
"""Element types of whole numbers, and the numbers that torch has for them."""


CONTRACTS: dict[str, Contract] = {
    "aten::_reshape_alias": _within_storage,
    "aten::_reshape_alias_copy": _within_storage,
    "aten::segment_reduce": _segments,
    "aten::_segment_reduce_backward": _segment_gradient,
    "aten::_convert_indices_from_coo_to_csr": _to_compressed,
    "aten::_convert_indices_from_csr_to_coo": _from_compressed,
    **dict.fromkeys(("aten::_unsafe_masked_index", "aten::_unsafe_masked_index_put_accumulate"), _masked),
    **dict.fromkeys(("aten::_cummax_helper", "aten::_cummin_helper"), _scan),
    **dict.fromkeys(("aten::_logcumsumexp.out", "aten::rrelu_with_noise.out"), _written),
    **dict.fromkeys(("aten::_fft_c2c", "aten::_fft_r2c", "aten::_fft_c2r"), _spectrum),
    "aten::_compute_linear_combination": _combined,
    **dict.fromkeys(("aten::range", "aten::arange"), _counted),
    "aten::lu_unpack": _pivots,
    **dict.fromkeys(("aten::linalg_eigvals.out", "aten::_linalg_eigvals"), _finite),
    "aten::linalg_ldl_solve": _block_pivots,
    "aten::_cholesky_solve_helper": _triangular,
}
