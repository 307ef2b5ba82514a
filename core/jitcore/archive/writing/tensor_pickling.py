"""Tensors in pickles: a call that rebuilds a view of a storage, which is a record of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyTensor
from jitcore.archive.writing.pickle_stream import (
    EMPTY_DICT,
    EMPTY_TUPLE,
    MARK,
    PERSISTENT,
    REDUCE,
    SET_ITEMS,
    TUPLE,
    PickleStream,
)

if TYPE_CHECKING:
    from jitcore.archive.tensors import LazyStorage, Quantizer, SparseParts

_STORAGE_NAMES: Final = {element.name: name for name, element in STORAGE_TYPES.items()}
_LAYOUTS: Final = {"sparse_coo": 1, "sparse_csr": 2, "sparse_csc": 4, "sparse_bsr": 5, "sparse_bsc": 6}


class TensorPickler:
    """Appends tensors to a stream; `storages` are those met, numbered as they are referred to."""

    def __init__(self, stream: PickleStream) -> None:
        self._stream = stream
        self.storages: list[LazyStorage] = []

    def push(self, tensor: LazyTensor) -> None:
        """Append a tensor."""
        stream = self._stream
        if tensor.sparse is not None:
            self._push_sparse(tensor, tensor.sparse)
            return
        if tensor.storage is None:
            raise ArchiveError("a tensor has neither a storage nor sparse parts")
        quantizer = tensor.quantizer
        stream.reference("torch._utils", "_rebuild_tensor_v2" if quantizer is None else "_rebuild_qtensor")
        stream.op(MARK)
        self._push_storage(tensor.storage)
        stream.integer(tensor.offset)
        stream.integers(tensor.shape)
        stream.integers(tensor.strides)
        if quantizer is not None:
            self._push_quantizer(quantizer)
        stream.boolean(tensor.requires_grad)
        self._push_no_hooks()
        if quantizer is None:
            self._push_bits(tensor)
        stream.op(TUPLE, REDUCE)

    def _push_storage(self, storage: LazyStorage) -> None:
        stream = self._stream
        key = "storage", id(storage)
        if stream.recall(key):
            return
        stream.op(MARK)
        stream.text("storage")
        stream.reference("torch", _STORAGE_NAMES[storage.element.name])
        stream.text(str(len(self.storages)))
        stream.text(storage.device)
        stream.integer(storage.numel)
        stream.op(TUPLE, PERSISTENT)
        stream.remember(key)
        self.storages.append(storage)

    def _push_quantizer(self, quantizer: Quantizer) -> None:
        stream = self._stream
        stream.op(MARK)
        stream.reference("torch", quantizer.scheme)
        for part in (quantizer.scale, quantizer.zero_point):
            if isinstance(part, LazyTensor):
                self.push(part)
            elif isinstance(part, float):
                stream.number(part)
            else:
                stream.integer(part)
        if quantizer.axis is not None:
            stream.integer(quantizer.axis)
        stream.op(TUPLE)

    def _push_no_hooks(self) -> None:
        self._stream.reference("collections", "OrderedDict")
        self._stream.op(EMPTY_TUPLE, REDUCE)

    def _push_bits(self, tensor: LazyTensor) -> None:
        bits = [
            name for name, is_set in (("conj", tensor.is_conjugated), ("neg", tensor.is_negated)) if is_set
        ]
        if not bits:
            return
        stream = self._stream
        stream.reference("torch.jit._pickle", "restore_type_tag")
        stream.op(EMPTY_DICT, MARK)
        for name in bits:
            stream.text(name)
            stream.boolean(True)
        stream.op(SET_ITEMS)
        stream.text("Dict[str, bool]")
        stream.end_tuple(2)
        stream.op(REDUCE)

    def _push_sparse(self, tensor: LazyTensor, sparse: SparseParts) -> None:
        stream = self._stream
        stream.reference("torch._utils", "_rebuild_sparse_tensor")
        stream.op(MARK)
        stream.integer(_LAYOUTS[sparse.layout])
        stream.integers(tensor.shape)
        stream.boolean(tensor.requires_grad)
        for part in (sparse.indices, sparse.plain_indices, sparse.values):
            if part is not None:
                self.push(part)
        self._push_no_hooks()
        stream.op(TUPLE, REDUCE)
