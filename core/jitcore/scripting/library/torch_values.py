"""torch's values described to the writer of archives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.tensors import LazyStorage, LazyTensor, Quantizer, SparseParts
from jitcore.slots.native_types import class_named

if TYPE_CHECKING:
    from jitcore.ir import ScriptObject
    from jitcore.scripting.library.machine import Machine
    from jitcore.types import Type

_ELEMENTS = {element.name: element for element in STORAGE_TYPES.values()}
_COMPRESSED = {
    torch.sparse_csr: ("sparse_csr", "crow_indices", "col_indices"),
    torch.sparse_csc: ("sparse_csc", "ccol_indices", "row_indices"),
    torch.sparse_bsr: ("sparse_bsr", "crow_indices", "col_indices"),
    torch.sparse_bsc: ("sparse_bsc", "ccol_indices", "row_indices"),
}


class TorchValues:
    """Describes the values of one module, as `RuntimeValues`; equal storages give one lazy storage."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._storages: dict[int, tuple[torch.UntypedStorage, LazyStorage]] = {}

    def tensor(self, value: object, /) -> LazyTensor | None:
        """A tensor of torch as a lazy one."""
        if not isinstance(value, torch.Tensor):
            return None
        plain = value.detach()
        if value.layout != torch.strided:
            return self._sparse(plain, value.requires_grad)
        made = LazyTensor(
            self._storage(plain),
            int(plain.storage_offset()),
            tuple(plain.shape),
            plain.stride(),
            value.requires_grad,
            self._quantizer(plain) if plain.is_quantized else None,
        )
        made.is_conjugated = plain.is_conj()
        made.is_negated = plain.is_neg()
        return made

    def device(self, value: object, /) -> str | None:
        """The name of a device of torch."""
        return str(value) if isinstance(value, torch.device) else None

    def native_object(self, value: object, /) -> tuple[str, object, Type | None] | None:
        """The state of an object of C++."""
        if not isinstance(value, torch.ScriptObject):
            return None
        state, name = cast("Any", value).__getstate__()
        save = class_named(name).methods.get("__getstate__")
        return name, state, None if save is None else save.schema.returns[0].type

    def state_of(self, value: ScriptObject, /) -> object:
        """What the object's `__getstate__` returns."""
        return self._machine.call(value.method("__getstate__"), [value])

    def _lazy(self, tensor: torch.Tensor) -> LazyTensor:
        made = self.tensor(tensor)
        assert made is not None
        return made

    def _storage(self, tensor: torch.Tensor) -> LazyStorage:
        storage = tensor.untyped_storage()
        # Storages are told apart by their memory; an empty one has none.
        key = storage.data_ptr() or id(storage)
        known = self._storages.get(key)
        if known is not None and known[0].nbytes() == storage.nbytes():
            return known[1]
        element = _ELEMENTS[str(tensor.dtype).removeprefix("torch.")]
        numel = storage.nbytes() // element.itemsize
        made = LazyStorage(element, "", str(tensor.device), numel, lambda _: _bytes(storage))
        self._storages[key] = storage, made
        return made

    def _quantizer(self, tensor: torch.Tensor) -> Quantizer:
        scheme = str(tensor.qscheme()).removeprefix("torch.")
        if scheme == "per_tensor_affine":
            return Quantizer(scheme, tensor.q_scale(), tensor.q_zero_point(), None)
        scales, zeros = tensor.q_per_channel_scales(), tensor.q_per_channel_zero_points()
        return Quantizer(scheme, self._lazy(scales), self._lazy(zeros), tensor.q_per_channel_axis())

    def _sparse(self, tensor: torch.Tensor, requires_grad: bool) -> LazyTensor | None:
        shape = tuple(tensor.shape)
        if tensor.layout == torch.sparse_coo:
            indices, values = tensor._indices(), tensor._values()
            parts = SparseParts("sparse_coo", self._lazy(indices), None, self._lazy(values))
            return LazyTensor(None, 0, shape, (), requires_grad, sparse=parts)
        found = _COMPRESSED.get(tensor.layout)
        if found is None:
            return None
        layout, compressed, plain = found
        parts = SparseParts(
            layout,
            self._lazy(getattr(tensor, compressed)()),
            self._lazy(getattr(tensor, plain)()),
            self._lazy(tensor.values()),
        )
        return LazyTensor(None, 0, shape, (), requires_grad, sparse=parts)


def _bytes(storage: torch.UntypedStorage) -> memoryview:
    if not storage.nbytes():
        return memoryview(b"")
    flat = torch.empty(0, dtype=torch.uint8, device=storage.device).set_(cast("Any", storage))
    array: Any = flat.cpu().numpy()
    return memoryview(array)
