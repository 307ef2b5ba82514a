"""How far the elements of two saved tensors are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.archive.pieces import pieces, reshaped

if TYPE_CHECKING:
    import numpy

    from jitcore.archive import LazyTensor


_SMALL = 1 << 12
"""Bytes up to which comparing is quicker than preparing to compare less."""


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


class TensorComparison:
    """Compares the tensors of two files, each pair of regions of their storages once.

    `most_bytes` bounds what is read of each side. `not_compared` are the names of tensors of which the
    elements were not looked at because the views before them took all of it.
    """

    def __init__(self, most_bytes: int) -> None:
        self.not_compared: list[str] = []
        self._room = most_bytes
        self._known: dict[object, _Figures] = {}

    def compare(self, path: str, before: LazyTensor, after: LazyTensor) -> TensorChange | None:
        """The change between two tensors, None if their kinds and all bytes are the same.

        None too of one that is then in `not_compared`. Raises `ArchiveError` if its bytes cannot be read.
        """
        old, new = describe_tensor(before), describe_tensor(after)
        elements = after.numel
        if old != new:
            return TensorChange(path, old, new, None, None, None, elements, _what_changed(old, new))
        if before.device == "meta":
            return None
        if before.sparse is not None or after.sparse is not None:
            same = self._sparse_are_same(before, after)
            if same is None:
                self.not_compared.append(path)
            if same is not False:
                return None
            why = f"the parts of a {after.layout} tensor differ"
            return TensorChange(path, old, new, None, None, None, elements, why)
        if _are_small_and_same(before, after):
            return None
        figures = self._figures(before, after)
        if figures is None:
            self.not_compared.append(path)
            return None
        if figures.same_bytes:
            return None
        if figures.why_not:
            return TensorChange(path, old, new, None, None, None, elements, figures.why_not)
        why = "" if figures.different else "only the bytes differ (signs of zero, or kinds of NaN)"
        mean = figures.total / elements
        return TensorChange(path, old, new, figures.largest, mean, figures.different, elements, why)

    def _sparse_are_same(self, before: LazyTensor, after: LazyTensor) -> bool | None:
        """Whether the parts of sparse tensors are equal, None if there is no room left to find out."""
        for old, new in zip(before.dense_parts(), after.dense_parts(), strict=True):
            if describe_tensor(old) != describe_tensor(new):
                return False
            figures = self._figures(old, new)
            if figures is None:
                return None
            if not figures.same_bytes:
                return False
        return True

    def _figures(self, before: LazyTensor, after: LazyTensor) -> _Figures | None:
        """How far two strided tensors of one kind are apart, None if there is no room left to find out."""
        left, right, times = _without_repeats(before, after)
        key = (_region(left), _region(right))
        known = self._known.get(key)
        if known is None:
            if left.nbytes > self._room:
                return None
            self._room -= left.nbytes
            known = self._known[key] = _compare_regions(left, right)
        return known._replace(total=known.total * times, different=known.different * times)


def _are_small_and_same(before: LazyTensor, after: LazyTensor) -> bool:
    """Whether both lie in one run of few and equal bytes: most of a file of very many tensors."""
    is_small = before.nbytes <= _SMALL and before.is_contiguous and after.is_contiguous
    return is_small and before.data() == after.data() and _kind(before) == _kind(after)


def _kind(tensor: LazyTensor) -> tuple[bool, bool]:
    return tensor.is_conjugated, tensor.is_negated


class _Figures(NamedTuple):
    """How far two regions are apart, as in `TensorChange`; `total` is the sum of all differences."""

    same_bytes: bool = True
    largest: float = 0.0
    total: float = 0.0
    different: int = 0
    why_not: str = ""


def _without_repeats(before: LazyTensor, after: LazyTensor) -> tuple[LazyTensor, LazyTensor, int]:
    """Both without dimensions of one index or along which both repeat, and how often they do."""
    lengths: list[int] = []
    strides: list[tuple[int, int]] = []
    times = 1
    for length, old, new in zip(after.shape, before.strides, after.strides, strict=True):
        if length and old == new == 0:
            times *= length
        elif length != 1:
            lengths.append(length)
            strides.append((old, new))
    shape = tuple(lengths)
    left = reshaped(before, before.offset, shape, tuple(old for old, _ in strides))
    return left, reshaped(after, after.offset, shape, tuple(new for _, new in strides)), times


def _region(tensor: LazyTensor) -> tuple[object, ...]:
    """What tells which bytes of which storage are read, and how."""
    return tensor.storage, tensor.offset, tensor.shape, tensor.strides, _kind(tensor)


def _compare_regions(before: LazyTensor, after: LazyTensor) -> _Figures:
    from jitcore.archive.arrays import bits_of  # numpy takes longer to import than an archive to open

    if before.storage is not None and before.storage.element.per_byte != 1:
        return _compare_shared_bytes(before, after)
    are_alike = _kind(before) == _kind(after)
    result = _Figures()
    for left, right in zip(pieces(before), pieces(after), strict=True):
        if not are_alike or (bits_of(left) != bits_of(right)).any():
            peak, summed, count = _compare_piece(left.to_numpy().reshape(-1), right.to_numpy().reshape(-1))
            # max() would drop a NaN that comes second.
            largest = peak if peak != peak or peak > result.largest else result.largest
            result = _Figures(False, largest, result.total + summed, result.different + count)
    return result


def _compare_shared_bytes(before: LazyTensor, after: LazyTensor) -> _Figures:
    """Of elements that share bytes, which have no numbers in numpy."""
    if before.data() == after.data():
        return _Figures()
    return _Figures(False, why_not=f"the bytes of {after.dtype} elements differ")


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
