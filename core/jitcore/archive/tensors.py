"""Tensors whose bytes stay in the archive's map until somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.archive.errors import ArchiveError
from jitcore.archive.strided import extent, gather, is_contiguous

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy

    from jitcore.archive.dtypes import ElementType


_FREE_EXPANSION: Final = 1 << 28
"""Bytes that a broadcast view may grow to whatever the size of its storage."""

_MOST_BYTES: Final = (1 << 63) - 1
"""Bytes that a tensor may have; torch counts them in 64 bits."""


class LazyStorage:
    """A flat run of `numel` elements in the record `record`, shared by all tensors that view it.

    `element` is the element type, `device` where it was when saved, `swapped` whether the record
    holds the bytes of each element in big-endian order.
    """

    __slots__ = ("_bytes", "_read", "_views", "device", "element", "numel", "record", "swapped")

    def __init__(
        self,
        element: ElementType,
        record: str,
        device: str,
        numel: int,
        read: Callable[[str], memoryview],
        swapped: bool = False,
    ) -> None:
        self.element = element
        self.record = record
        self.device = device
        self.numel = numel
        self.swapped = swapped
        self._read = read
        self._bytes: memoryview | None = None
        self._views: dict[ElementType, LazyStorage] = {}

    def viewed_as(self, element: ElementType) -> LazyStorage:
        """The storage as one of other elements, the same one each time: views of it share it."""
        known = self._views.get(element)
        if known is None:
            numel = self.nbytes // element.itemsize
            known = LazyStorage(element, self.record, self.device, numel, lambda _: self.bytes())
            self._views[element] = known
        return known

    def part(self, offset: int, numel: int) -> LazyStorage:
        """A storage of `numel` of the elements from `offset` on. Raises `ArchiveError` beyond the end."""
        if not 0 <= offset <= offset + numel <= self.numel:
            raise ArchiveError(f"a part of a storage of {self.numel} elements reaches {offset + numel}")
        skipped = offset * self.element.itemsize
        return LazyStorage(self.element, self.record, self.device, numel, lambda _: self.bytes()[skipped:])

    @property
    def nbytes(self) -> int:
        """Size in bytes."""
        return self.numel * self.element.itemsize

    def bytes(self) -> memoryview:
        """The storage's bytes in little-endian order, a window into the file where possible."""
        if self._bytes is None:
            if self.device == "meta":
                raise ArchiveError("a tensor that was saved on the meta device has no bytes")
            view = self._read(self.record)[: self.nbytes] if self.numel else memoryview(b"")
            if len(view) < self.nbytes:
                raise ArchiveError(f"the record '{self.record}' is shorter than the storage it holds")
            self._bytes = memoryview(_swap(view, self.element.word)) if self.swapped else view
        return self._bytes

    def __repr__(self) -> str:
        return f"LazyStorage({self.element.name}, {self.numel} elements in {self.record!r})"


class Quantizer(NamedTuple):
    """How integers of a quantized tensor stand for reals.

    `scheme` is torch's name, as `per_tensor_affine`. Per tensor, `scale` and `zero_point` are
    numbers; per channel they are tensors with one entry for each index of dimension `axis`.
    """

    scheme: str
    scale: float | LazyTensor
    zero_point: int | LazyTensor
    axis: int | None


class SparseParts(NamedTuple):
    """The dense tensors of a sparse one.

    `layout` is `sparse_coo` (then `indices` is the 2-d index tensor), or a compressed layout such
    as `sparse_csr` (then `indices` are the compressed and `plain_indices` the plain ones).
    """

    layout: str
    indices: LazyTensor
    plain_indices: LazyTensor | None
    values: LazyTensor


class LazyTensor:
    """A strided (or sparse, or quantized) view of a storage; tensors are compared by identity.

    `offset` and `strides` are in elements of the storage. A sparse tensor has `sparse`, and no
    storage of its own. Of a lazily conjugated or negated tensor the storage holds the elements as they
    were before.
    """

    __slots__ = (
        "_dtype",
        "is_conjugated",
        "is_negated",
        "is_parameter",
        "offset",
        "quantizer",
        "requires_grad",
        "shape",
        "sparse",
        "storage",
        "strides",
    )

    def __init__(
        self,
        storage: LazyStorage | None,
        offset: int,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        requires_grad: bool = False,
        quantizer: Quantizer | None = None,
        sparse: SparseParts | None = None,
    ) -> None:
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self.requires_grad = requires_grad
        self.is_parameter = False
        self.is_conjugated = False
        self.is_negated = False
        self.quantizer = quantizer
        self.sparse = sparse
        if storage is not None:
            self._dtype = storage.element.name
            _check_bounds(self, storage)
        elif sparse is not None:
            self._dtype = sparse.values.dtype
        else:
            raise ValueError("a tensor needs a storage or sparse parts")

    @property
    def dtype(self) -> str:
        """Element type as torch names it, as `float32`."""
        return self._dtype

    @property
    def device(self) -> str:
        """Where the tensor was when it was saved, as `cpu` or `cuda:0`."""
        return self.storage.device if self.storage is not None else self._parts().values.device

    @property
    def layout(self) -> str:
        """`strided`, or the name of the sparse layout."""
        return self.sparse.layout if self.sparse is not None else "strided"

    @property
    def numel(self) -> int:
        """Number of elements of the (dense) shape."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def nbytes(self) -> int:
        """Size in bytes of the elements that are held; for a sparse tensor of its parts."""
        if self.storage is None:
            return sum(part.nbytes for part in self.dense_parts())
        element = self.storage.element
        return -(-self.numel // element.per_byte) * element.itemsize

    @property
    def is_contiguous(self) -> bool:
        """Whether the elements lie one after the other in row-major order."""
        return self.storage is not None and is_contiguous(self.shape, self.strides)

    def without_gradient(self) -> LazyTensor:
        """The same elements as a tensor that needs no gradient."""
        made = LazyTensor(
            self.storage, self.offset, self.shape, self.strides, False, self.quantizer, self.sparse
        )
        made.is_conjugated = self.is_conjugated
        made.is_negated = self.is_negated
        return made

    def data(self) -> memoryview:
        """The elements' bytes in row-major order, little-endian; a window into the file if contiguous."""
        storage = self.storage
        if storage is None:
            raise ArchiveError(f"a {self.layout} tensor has no bytes of its own; read its parts")
        if self.is_contiguous:
            start = self.offset * storage.element.itemsize // storage.element.per_byte
            return storage.bytes()[start : start + self.nbytes]
        return memoryview(b"".join(self._pieces(storage)))

    def sha256(self) -> str:
        """Hexadecimal digest of the bytes that `data` gives; for a sparse tensor of its parts' in turn."""
        import hashlib  # costs milliseconds that opening an archive does without

        digest = hashlib.sha256()
        for tensor in self.dense_parts():
            storage = tensor.storage
            if storage is None or tensor.is_contiguous:
                digest.update(tensor.data())
                continue
            for piece in tensor._pieces(storage):
                digest.update(piece)
        return digest.hexdigest()

    def to_numpy(self) -> numpy.ndarray:
        """The elements as a numpy array of this shape, sharing memory with the file where it can.

        Quantized tensors give their integers; bfloat16, complex32 and float8 have no numpy type and
        are widened to float32 or complex64. Raises `ArchiveError` for sparse and sub-byte tensors.
        """
        # numpy takes longer to import than an archive to open.
        from jitcore.archive.arrays import tensor_to_array

        return tensor_to_array(self)

    def _pieces(self, storage: LazyStorage) -> Iterator[bytes | memoryview]:
        if storage.element.per_byte != 1:
            raise ArchiveError(f"a strided view of {self.dtype} elements, which share bytes, cannot be read")
        if self.nbytes > _FREE_EXPANSION + 64 * storage.nbytes:
            raise ArchiveError(f"a storage of {storage.nbytes} bytes would expand to {self.nbytes} bytes")
        return gather(storage.bytes(), storage.element.itemsize, self.offset, self.shape, self.strides)

    def _parts(self) -> SparseParts:
        if self.sparse is None:
            raise ValueError("not a sparse tensor")
        return self.sparse

    def dense_parts(self) -> list[LazyTensor]:
        """The tensors that hold the elements: those of a sparse one, else this one."""
        if self.sparse is None:
            return [self]
        parts = (self.sparse.indices, self.sparse.plain_indices, self.sparse.values)
        return [part for part in parts if part is not None]

    def __repr__(self) -> str:
        return f"{self.dtype}{list(self.shape)}"


def _check_bounds(tensor: LazyTensor, storage: LazyStorage) -> None:
    if len(tensor.shape) != len(tensor.strides):
        raise ArchiveError(f"has {len(tensor.shape)} sizes but {len(tensor.strides)} strides")
    if (
        tensor.offset < 0
        or any(length < 0 for length in tensor.shape)
        or any(step < 0 for step in tensor.strides)
    ):
        raise ArchiveError("has a negative offset, size or stride")
    if tensor.nbytes > _MOST_BYTES:
        raise ArchiveError(f"has {tensor.numel} elements, more than 64 bits can count bytes of")
    span = extent(tensor.shape, tensor.strides)
    room = storage.numel * storage.element.per_byte
    if span and tensor.offset + span > room:
        raise ArchiveError(f"reaches element {tensor.offset + span - 1} of a storage of {room} elements")


def _swap(view: memoryview, word: int) -> bytes:
    """A copy with the bytes of each `word`-byte unit reversed."""
    if word == 1:
        return bytes(view)
    swapped = bytearray(len(view))
    for index in range(word):
        swapped[index::word] = view[word - 1 - index :: word]
    return bytes(swapped)
