"""How far the elements of two saved tensors are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.archive import ArchiveError

if TYPE_CHECKING:
    import numpy

    from jitcore.archive import LazyTensor

_PIECE = 1 << 20
"""Elements compared at a time, so that the memory needed does not grow with the tensor."""


class TensorChange(NamedTuple):
    """A tensor that is not the same on both sides.

    `before` and `after` are `float32[3, 4]`. The figures are of absolute differences, over all
    elements; they are None where shapes or kinds differ, or the elements cannot be subtracted
    (`why_not` says so). `different` counts elements that differ, `elements` all of them; elements
    that are NaN on both sides are the same, on one side only they differ and count as NaN in
    `max_difference` and `mean_difference`.
    """

    path: str
    before: str
    after: str
    max_difference: float | None
    mean_difference: float | None
    different: int | None
    elements: int
    why_not: str = ""


def describe_tensor(tensor: LazyTensor) -> str:
    """`float32[3, 4]`, with the layout, the scheme and the device where these are not the usual ones."""
    text = f"{tensor.dtype}[{', '.join(str(n) for n in tensor.shape)}]"
    if tensor.layout != "strided":
        text += f" {tensor.layout}"
    if tensor.quantizer is not None:
        text += f" {tensor.quantizer.scheme}"
    if tensor.device != "cpu":
        text += f" on {tensor.device}"
    return text


def compare_tensors(path: str, before: LazyTensor, after: LazyTensor) -> TensorChange | None:
    """The change between two tensors, None if their kinds and all bytes are the same."""
    old, new = describe_tensor(before), describe_tensor(after)
    if old != new:
        return TensorChange(path, old, new, None, None, None, after.numel, _what_changed(old, new))
    if before.device == "meta":
        return None
    if before.sparse is None and after.sparse is None and before.data() == after.data():
        return None
    if before.sparse is not None and before.sha256() == after.sha256():
        return None
    try:
        left, right = before.to_numpy().reshape(-1), after.to_numpy().reshape(-1)
    except ArchiveError as error:
        return TensorChange(path, old, new, None, None, None, after.numel, str(error))
    largest, total, different = 0.0, 0.0, 0
    for start in range(0, left.size, _PIECE):
        peak, summed, count = _compare_piece(left[start : start + _PIECE], right[start : start + _PIECE])
        # max() would drop a NaN that comes second.
        largest = peak if peak != peak or peak > largest else largest
        total += summed
        different += count
    if different == 0:
        why = "only the bytes differ (signs of zero, or kinds of NaN)"
        return TensorChange(path, old, new, 0.0, 0.0, 0, left.size, why)
    return TensorChange(path, old, new, largest, total / left.size, different, left.size)


def _what_changed(old: str, new: str) -> str:
    is_device = old.partition(" on ")[0] == new.partition(" on ")[0]
    return "the device changed" if is_device else "shape or type changed"


def _compare_piece(left: numpy.ndarray, right: numpy.ndarray) -> tuple[float, float, int]:
    import numpy

    same = (left == right) | ((left != left) & (right != right))
    different = int(left.size - numpy.count_nonzero(same))
    if different == 0:
        return 0.0, 0.0, 0
    wide = numpy.complex128 if left.dtype.kind == "c" else numpy.float64
    with numpy.errstate(invalid="ignore", over="ignore"):
        apart = numpy.abs(left[~same].astype(wide) - right[~same].astype(wide))
        return float(apart.max()), float(apart.sum()), different
