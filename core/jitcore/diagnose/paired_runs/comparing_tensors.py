"""Compares two tensors piece by piece, so that it takes little memory however large they are."""

from __future__ import annotations

import math
from typing import Final

import torch

from jitcore.diagnose.paired_runs.difference import Difference, Figures
from jitcore.diagnose.paired_runs.reduced_tensor import ReducedTensor, digest_of, sample_of
from jitcore.diagnose.paired_runs.tolerance import Tolerance
from jitcore.exec.distinct_elements import distinct_elements
from jitcore.exec.runtime_types import type_text

_PIECE: Final = 1 << 20
"""Elements compared at a time."""

_MOST_RANKED: Final = 1 << 20
"""Elements of which the quantile is taken; of more, some at even distances."""

_MOST_DENSE: Final = 1 << 26
"""Elements of a sparse tensor that is compared as a dense one."""

_QUANTILE: Final = 0.99

_PLAIN: Final = frozenset({
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
    torch.int8, torch.uint8, torch.bool, torch.complex64, torch.complex128,
})  # fmt: skip
"""Kinds of elements that torch compares without a conversion."""


def compare_tensors(
    left: torch.Tensor | ReducedTensor, right: torch.Tensor, tolerance: Tolerance
) -> Difference:
    """How far two tensors are apart; the left one may be reduced."""
    right = right.detach()
    types = _left_type(left), type_text(right)
    if isinstance(left, ReducedTensor):
        return _compare_reduced(left, right, types, tolerance)
    left = left.detach()
    if left.layout != right.layout:
        return Difference("differs", *types, "the layout differs")
    if left.is_quantized != right.is_quantized:
        return Difference("differs", *types, "one is quantized")
    if left.shape != right.shape:
        return Difference("differs", *types, f"the shape differs: {[*left.shape]} and {[*right.shape]}")
    if left.is_meta or right.is_meta:
        return Difference("identical", *types)
    what = _kinds_apart(left.dtype, right.dtype, tolerance)
    if left.layout != torch.strided:
        if left.numel() > _MOST_DENSE:
            return Difference("identical", *types, "sparse tensors of that size are not compared")
        left, right = left.to_dense(), right.to_dense()
    if left.is_quantized:
        left, right = left.dequantize(), right.dequantize()
    left, right = _distinct(left, right)
    if left.dtype == right.dtype and left.dtype in _PLAIN and torch.equal(left.cpu(), right.cpu()):
        return Difference("identical", *types)
    return _judged((left, right), types, what, tolerance)


def _kinds_apart(left: torch.dtype, right: torch.dtype, tolerance: Tolerance) -> str:
    if left == right or tolerance.compared_as(left, right) is not None:
        return ""
    return f"the kind of element differs: {left} and {right}"


def _left_type(left: torch.Tensor | ReducedTensor) -> str:
    if isinstance(left, torch.Tensor):
        return type_text(left)
    return type_text(torch.empty(left.shape, dtype=left.dtype, device="meta")).partition(", device")[0]


def _distinct(left: torch.Tensor, right: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Both without what strides repeat, if they repeat the same."""
    first, second = distinct_elements(left), distinct_elements(right)
    if first is None or second is None:
        return sample_of(left), sample_of(right)
    return (first, second) if first.shape == second.shape else (left, right)


def _compare_reduced(
    left: ReducedTensor, right: torch.Tensor, types: tuple[str, str], tolerance: Tolerance
) -> Difference:
    if left.shape != right.shape:
        return Difference("differs", *types, f"the shape differs: {[*left.shape]} and {[*right.shape]}")
    what = _kinds_apart(left.dtype, right.dtype, tolerance)
    if what:
        return Difference("differs", *types, what)
    if left.dtype == right.dtype and right.layout == torch.strided and left.digest == digest_of(right):
        return Difference("identical", *types)
    found = _judged((left.sample, sample_of(right)), types, "", tolerance, is_sampled=True)
    if found.agreement == "identical":
        return Difference("within tolerance", *types, "elements that were not kept differ", found.figures)
    return found


def _judged(
    both: tuple[torch.Tensor, torch.Tensor],
    types: tuple[str, str],
    what: str,
    tolerance: Tolerance,
    is_sampled: bool = False,
) -> Difference:
    sums = _Sums()
    left, right = (tensor.reshape(-1) for tensor in both)
    for start in range(0, left.numel(), _PIECE):
        sums.add(left[start : start + _PIECE], right[start : start + _PIECE])
    figures = sums.figures(left, right, is_sampled)
    if what:
        return Difference("differs", *types, what, figures)
    if sums.different == 0:
        return Difference("identical", *types, "", figures)
    dtype = tolerance.compared_as(both[0].dtype, both[1].dtype) or both[0].dtype
    allowed = tolerance.allowed(dtype, sums.largest)
    if allowed and sums.max <= allowed and not sums.misplaced:
        return Difference("within tolerance", *types, "rounding differs", figures)
    said = (
        "NaN or infinity stand at other places" if sums.misplaced and sums.max <= allowed else "values differ"
    )
    return Difference("differs", *types, said, figures)


class _Sums:
    """What is summed up over the pieces.

    `misplaced` are elements that are not finite on one side only, or not the same there; `largest` is the
    greatest finite element by its size.
    """

    def __init__(self) -> None:
        self.different = self.misplaced = self.finite = 0
        self.max = self.largest = self.peak = 0.0
        self.total = self.squares = self.left_squares = self.right_squares = self.product = 0.0
        self.nan = [0, 0]
        self.inf = [0, 0]

    def add(self, left: torch.Tensor, right: torch.Tensor) -> None:
        wide = _wide(left, right)
        a, b = left.cpu().to(wide), right.cpu().to(wide)
        for side, piece in enumerate((a, b)):
            self.nan[side] += int(piece.isnan().sum())
            self.inf[side] += int(piece.isinf().sum())
        if left.dtype == right.dtype and not (left.is_floating_point() or left.is_complex()):
            # Large integers are not told apart as floats.
            same = left.cpu().to(torch.int64) == right.cpu().to(torch.int64)
        else:
            same = (a == b) | (a.isnan() & b.isnan())
        self.different += int(same.numel() - same.sum())
        finite = a.isfinite() & b.isfinite()
        self.misplaced += int((~finite & ~same).sum())
        a, b = a[finite], b[finite]
        self.finite += a.numel()
        if not a.numel():
            return
        apart = (a - b).abs()
        self.max = max(self.max, float(apart.max()))
        self.peak = max(self.peak, float(a.abs().max()))
        self.largest = max(self.largest, self.peak, float(b.abs().max()))
        self.total += float(apart.sum())
        self.squares += float((apart * apart).sum())
        self.left_squares += float(a.abs().square().sum())
        self.right_squares += float(b.abs().square().sum())
        self.product += float((a * b.conj()).real.sum() if wide.is_complex else (a * b).sum())

    def figures(self, left: torch.Tensor, right: torch.Tensor, is_sampled: bool) -> Figures:
        count = self.finite
        left_norm, right_norm = math.sqrt(self.left_squares), math.sqrt(self.right_squares)
        l2 = math.sqrt(self.squares)
        is_above = math.isfinite(self.squares) and self.squares > 0 and self.peak > 0
        return Figures(
            elements=left.numel(),
            different=self.different,
            max=self.max,
            mean=self.total / count if count else 0.0,
            quantile=_quantile(left, right),
            l2=l2,
            relative_l2=l2 / left_norm if left_norm else None,
            cosine=self.product / left_norm / right_norm if left_norm and right_norm else None,
            psnr=10 * math.log10(self.peak**2 * count / self.squares) if is_above else None,
            left_nan=self.nan[0],
            right_nan=self.nan[1],
            left_inf=self.inf[0],
            right_inf=self.inf[1],
            is_sampled=is_sampled,
        )


def _wide(left: torch.Tensor, right: torch.Tensor) -> torch.dtype:
    return torch.complex128 if left.is_complex() or right.is_complex() else torch.float64


def _quantile(left: torch.Tensor, right: torch.Tensor) -> float:
    step = max(1, -(-left.numel() // _MOST_RANKED))
    wide = _wide(left, right)
    apart = (left[::step].cpu().to(wide) - right[::step].cpu().to(wide)).abs()
    apart = apart[apart.isfinite()]
    if not apart.numel():
        return 0.0
    place = math.ceil(_QUANTILE * apart.numel())
    return float(apart.kthvalue(place).values)
